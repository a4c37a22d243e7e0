// A QR code of a link, error level M, as the grid that ISO/IEC 18004 prescribes. Byte mode and versions 1
// to 15 only: links up to 412 bytes, which is what stays readable at 20 mm.

/** Rows of dark (true) and light modules, without the quiet zone. */
export type QrGrid = readonly (readonly boolean[])[]

interface Version {
  /** Error-correction bytes of each block, number of blocks, data bytes of all blocks. */
  readonly check: number
  readonly blocks: number
  readonly data: number
  /** Centres of alignment patterns, on both axes. */
  readonly align: readonly number[]
}

const version = (check: number, blocks: number, data: number, ...align: number[]): Version =>
  ({ check, blocks, data, align }) satisfies Version

/** Tables 9 and E.1 of the standard for level M, from version 1. */
const versions: readonly Version[] = [
  version(10, 1, 16),
  version(16, 1, 28, 6, 18),
  version(26, 1, 44, 6, 22),
  version(18, 2, 64, 6, 26),
  version(24, 2, 86, 6, 30),
  version(16, 4, 108, 6, 34),
  version(18, 4, 124, 6, 22, 38),
  version(22, 4, 154, 6, 24, 42),
  version(22, 5, 182, 6, 26, 46),
  version(26, 5, 216, 6, 28, 50),
  version(30, 5, 254, 6, 30, 54),
  version(22, 8, 290, 6, 32, 58),
  version(22, 9, 334, 6, 34, 62),
  version(24, 9, 365, 6, 26, 46, 66),
  version(24, 10, 415, 6, 26, 48, 70),
]

/** Bytes before the text: mode and length, 12 bits up to version 9 and 20 bits above. */
const headerBits = (number: number): number => (number <= 9 ? 12 : 20)

// Powers and logarithms of GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1.
const powers = new Uint8Array(510)
const logarithms = new Uint8Array(256)
for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  powers[exponent] = value
  powers[exponent + 255] = value
  logarithms[value] = exponent
  value = value < 128 ? value * 2 : (value * 2) ^ 0x11d
}

const times = (one: number, other: number): number =>
  one === 0 || other === 0 ? 0 : powers[logarithms[one]! + logarithms[other]!]!

/** The remainder of a block by the generator polynomial of the given degree. */
function checkBytes(block: readonly number[], degree: number): number[] {
  let generator = [1]
  for (let root = 0; root < degree; root += 1) {
    const next = [...generator, 0]
    generator.forEach((factor, at) => {
      next[at + 1] = next[at + 1]! ^ times(factor, powers[root]!)
    })
    generator = next
  }
  const rest = [...block, ...new Array<number>(degree).fill(0)]
  for (let at = 0; at < block.length; at += 1) {
    const lead = rest[at]!
    generator.forEach((factor, offset) => {
      rest[at + offset] = rest[at + offset]! ^ times(factor, lead)
    })
  }
  return rest.slice(block.length)
}

const bitsOf = (value: number, length: number): number[] =>
  Array.from({ length }, (_, at) => (value >>> (length - 1 - at)) & 1)

/** Header, text and padding as the data bytes of a version. */
function dataBytes(text: Uint8Array, number: number, size: number): number[] {
  const bits = [...bitsOf(4, 4), ...bitsOf(text.length, headerBits(number) - 4)]
  for (const byte of text) bits.push(...bitsOf(byte, 8))
  bits.push(...new Array<number>(Math.min(4, size * 8 - bits.length)).fill(0))
  while (bits.length % 8 !== 0) bits.push(0)
  const bytes: number[] = []
  for (let at = 0; at < bits.length; at += 8) {
    bytes.push(bits.slice(at, at + 8).reduce((byte, bit) => byte * 2 + bit, 0))
  }
  for (let pad = 0xec; bytes.length < size; pad ^= 0xec ^ 0x11) bytes.push(pad)
  return bytes
}

/** Data and check bytes of all blocks, interleaved; later blocks may hold one data byte more. */
function codewords(data: readonly number[], { check, blocks }: Version): number[] {
  const short = Math.floor(data.length / blocks)
  const shortBlocks = blocks - (data.length % blocks)
  const parts: number[][] = []
  for (let block = 0, at = 0; block < blocks; block += 1) {
    const length = block < shortBlocks ? short : short + 1
    parts.push(data.slice(at, at + length))
    at += length
  }
  const checks = parts.map(part => checkBytes(part, check))
  const interleave = (rows: readonly (readonly number[])[], length: number): number[] =>
    Array.from({ length }, (_, at) => rows.flatMap(row => row[at] ?? [])).flat()
  return [...interleave(parts, short + 1), ...interleave(checks, check)]
}

/** A grid in which null is still free for data. */
type Draft = (boolean | null)[][]

function square(
  grid: Draft,
  centre: [number, number],
  radius: number,
  dark: (ring: number) => boolean,
) {
  const [row, column] = centre
  for (let down = -radius; down <= radius; down += 1) {
    for (let right = -radius; right <= radius; right += 1) {
      const line = grid[row + down]
      if (line === undefined || line[column + right] === undefined) continue
      line[column + right] = dark(Math.max(Math.abs(down), Math.abs(right)))
    }
  }
}

/** Everything that is not data: finders, timing, alignment, the dark module, room for the format. */
function frameOf(number: number, { align }: Version): Draft {
  const size = number * 4 + 17
  const grid: Draft = Array.from({ length: size }, () => new Array<boolean | null>(size).fill(null))
  for (let at = 0; at < size; at += 1) {
    grid[6]![at] = at % 2 === 0
    grid[at]![6] = at % 2 === 0
  }
  const last = align.length - 1
  align.forEach((row, down) => {
    align.forEach((column, right) => {
      const inFinder =
        (down === 0 && right === 0) ||
        (down === 0 && right === last) ||
        (down === last && right === 0)
      if (!inFinder) square(grid, [row, column], 2, ring => ring !== 1)
    })
  })
  for (const centre of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as [number, number][]) {
    square(grid, centre, 4, ring => ring !== 2 && ring !== 4)
  }
  writeFormat(grid, 0)
  if (number >= 7) writeVersion(grid, number)
  return grid
}

/** `bits` with the remainder of its division by the generator behind it (BCH). */
function withRemainder(bits: number, length: number, generator: number): number {
  const degree = 31 - Math.clz32(generator)
  let rest = bits << degree
  for (let at = length + degree - 1; at >= degree; at -= 1) {
    if ((rest >>> at) & 1) rest ^= generator << (at - degree)
  }
  return (bits << degree) | rest
}

/** Level M is 00; the mask follows. Written twice, beside the finders. */
function writeFormat(grid: Draft, mask: number): void {
  const size = grid.length
  const bits = withRemainder(mask, 5, 0x537) ^ 0x5412
  for (let at = 0; at < 15; at += 1) {
    const dark = ((bits >>> at) & 1) === 1
    if (at < 8) grid[8]![size - 1 - at] = dark
    else grid[size - 15 + at]![8] = dark
    if (at < 6) grid[at]![8] = dark
    else if (at < 8) grid[at + 1]![8] = dark
    else if (at === 8) grid[8]![7] = dark
    else grid[8]![14 - at] = dark
  }
  grid[size - 8]![8] = true
}

function writeVersion(grid: Draft, number: number): void {
  const bits = withRemainder(number, 6, 0x1f25)
  for (let at = 0; at < 18; at += 1) {
    const dark = ((bits >>> at) & 1) === 1
    const along = Math.floor(at / 3)
    const across = grid.length - 11 + (at % 3)
    grid[along]![across] = dark
    grid[across]![along] = dark
  }
}

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  row => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
]

/** Fills the free modules in pairs of columns, upwards and downwards from the right. */
function filled(frame: Draft, bits: readonly number[], mask: number): boolean[][] {
  const grid = frame.map(row => [...row])
  const size = grid.length
  let next = 0
  let upwards = true
  for (let pair = size - 1; pair > 0; pair -= 2) {
    if (pair === 6) pair -= 1
    for (let step = 0; step < size; step += 1) {
      const row = upwards ? size - 1 - step : step
      for (const column of [pair, pair - 1]) {
        if (frame[row]![column] !== null) continue
        grid[row]![column] = (bits[next] === 1) !== masks[mask]!(row, column)
        next += 1
      }
    }
    upwards = !upwards
  }
  writeFormat(grid, mask)
  return grid.map(row => row.map(module => module === true))
}

/** How much a grid disturbs readers: long runs, blocks, false finders, uneven darkness. */
function penalty(grid: QrGrid): number {
  const size = grid.length
  const lines = [...grid, ...grid.map((_, column) => grid.map(row => row[column]!))]
  let points = 0
  for (const line of lines) {
    const text = line.map(module => (module ? '1' : '0')).join('')
    for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) points += run.length - 2
    for (let at = 0; at + 11 <= size; at += 1) {
      const window = text.slice(at, at + 11)
      if (window === '10111010000' || window === '00001011101') points += 40
    }
  }
  let dark = 0
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const module = grid[row]![column]!
      if (module) dark += 1
      if (row === 0 || column === 0) continue
      const same =
        grid[row - 1]![column] === module &&
        grid[row]![column - 1] === module &&
        grid[row - 1]![column - 1] === module
      if (same) points += 3
    }
  }
  return points + Math.floor(Math.abs(dark * 20 - size * size * 10) / (size * size)) * 10
}

/** The grid of a text in the smallest version that holds it; null beyond 412 bytes. */
export function qrGrid(text: string): QrGrid | null {
  const bytes = new TextEncoder().encode(text)
  const index = versions.findIndex(
    ({ data }, at) => bytes.length * 8 + headerBits(at + 1) <= data * 8,
  )
  const chosen = versions[index]
  if (!chosen) return null
  const data = dataBytes(bytes, index + 1, chosen.data)
  const bits = codewords(data, chosen).flatMap(byte => bitsOf(byte, 8))
  const frame = frameOf(index + 1, chosen)
  const grids = masks.map((_, mask) => filled(frame, bits, mask))
  const points = grids.map(penalty)
  return grids[points.indexOf(Math.min(...points))] ?? null
}

/** The grid as SVG with its quiet zone of four modules; one unit is one module. */
export function qrSvg(grid: QrGrid): string {
  const size = grid.length + 8
  const path = grid.flatMap((line, row) => {
    const text = line.map(module => (module ? '1' : '0')).join('')
    return [...text.matchAll(/1+/g)].map(run => {
      const width = run[0].length
      return `M${run.index + 4} ${row + 4}h${width}v1h-${width}z`
    })
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path d="${path.join('')}"/></svg>`
}
