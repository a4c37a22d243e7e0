import { expect, test } from 'vitest'
import { qrGrid, qrSvg } from './qr-code.ts'

test.each([
  [1, 21],
  [14, 21],
  [15, 25],
  [62, 33],
  [106, 41],
  [122, 45],
  [213, 57],
  [412, 77],
])('%i bytes take a grid of %i modules a side', (bytes, side) => {
  const grid = qrGrid('x'.repeat(bytes))
  expect(grid).toHaveLength(side)
  expect(grid?.every(row => row.length === side)).toBe(true)
})

test('413 bytes are too many for a code of 20 mm', () => {
  expect(qrGrid('x'.repeat(413))).toBeNull()
})

test('the code of a short link is module for module the one that readers were tried on', () => {
  const drawn = qrGrid('HTTPS://Q.CO/7')?.map(row => row.map(dark => (dark ? '#' : '.')).join(''))
  expect(drawn).toMatchInlineSnapshot(`
    [
      "#######.###...#######",
      "#.....#.##....#.....#",
      "#.###.#..##...#.###.#",
      "#.###.#.#####.#.###.#",
      "#.###.#..###..#.###.#",
      "#.....#...#...#.....#",
      "#######.#.#.#.#######",
      "........##..#........",
      "#.##.###.#.#..#..#.##",
      "...###.#.#.#.#######.",
      "##.#.##.#.##.#...#.##",
      "...###.#.#.##..#.#.#.",
      "#######..#.#.#..###.#",
      "........##.##.#.#...#",
      "#######.#.#.....#....",
      "#.....#.####...####.#",
      "#.###.#..##.#...#..#.",
      "#.###.#.#.....##...#.",
      "#.###.#.#####.##..#..",
      "#.....#..##.#####...#",
      "#######.###..#..##...",
    ]
  `)
})

test('the drawing has a quiet zone of four modules', () => {
  expect(qrSvg([[true]])).toBe(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M4 4h1v1h-1z"/></svg>',
  )
})
