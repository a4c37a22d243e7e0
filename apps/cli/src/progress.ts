// One line on the terminal that is written over itself; on no terminal, nothing.
const barWidth = 30

/** Draws how far a walk is; without a total it counts. */
export function drawProgress(done: number, total: number | null, noun: string): void {
  if (!process.stderr.isTTY) return
  if (total === null) {
    process.stderr.write(`\r${done} ${noun}`)
    return
  }
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const filled = Math.round(share * barWidth)
  const bar = `${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}`
  process.stderr.write(`\r[${bar}] ${done} of ${total} ${noun}`)
}

/** Leaves the line. */
export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\n')
}
