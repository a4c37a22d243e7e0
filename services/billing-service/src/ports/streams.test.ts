import { expect, it } from 'vitest'
import { rowsAhead } from './streams.ts'

const turn = () => new Promise(resolve => setImmediate(resolve))

/** Five pages of two rows, and which of them were asked for. */
function fivePages(fail = -1) {
  const asked: number[] = []
  const rows = rowsAhead(async cursor => {
    const at = Number(cursor ?? 0)
    asked.push(at)
    if (at === fail) throw new Error('away')
    return { rows: [at * 10, at * 10 + 1], nextCursor: at === 4 ? null : String(at + 1) }
  })
  return { asked, rows }
}

it('answers the rows of five pages in their order', async () => {
  const { rows } = fivePages()
  const seen: number[] = []
  for await (const row of rows) seen.push(row)
  expect(seen).toEqual([0, 1, 10, 11, 20, 21, 30, 31, 40, 41])
})

it('asks for nothing before the first row is wanted, then for two pages more and no others', async () => {
  const { asked, rows } = fivePages()
  await turn()
  expect(asked).toEqual([])
  await rows.next()
  await turn()
  expect(asked).toEqual([0, 1, 2])
  await rows.next()
  await rows.next()
  await turn()
  expect(asked).toEqual([0, 1, 2, 3])
})

it('fails when the page is wanted that could not be read, and not for who stops before', async () => {
  const failing = fivePages(2)
  const seen: number[] = []
  const all = async () => {
    for await (const row of failing.rows) seen.push(row)
  }
  await expect(all()).rejects.toThrow('away')
  expect(seen).toEqual([0, 1, 10, 11])
  const left = fivePages(2)
  for await (const row of left.rows) if (row === 1) break
  await turn()
})
