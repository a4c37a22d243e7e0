// What is said of rounds that were measured by turns.
import { expect, it } from 'vitest'
import { judge, leftOut } from './scale-judge.ts'

const figure = (must: number, ratios: readonly number[]) => ({
  name: 'a read',
  must,
  first: null,
  rounds: ratios.map(ratio => [10, 15, 10 * ratio].map(p50Ms => ({ p50Ms, p99Ms: null }))),
})

it('leaves out as many rounds as a fair coin allows with 95 %', () => {
  expect([5, 6, 8, 9, 12, 15, 25].map(leftOut)).toEqual([-1, 0, 0, 1, 2, 3, 7])
})

it('says that a time holds when all but the last of nine rounds are within what it may', () => {
  const verdict = judge(figure(1.2, [0.9, 1, 1.1, 1, 1, 1.1, 1.15, 1.2, 3]))
  expect(verdict).toMatchObject({ ratio: 1.1, between: [1, 1.2], pass: true })
})

it('says that it grows when all but the first are above', () => {
  const verdict = judge(figure(1.2, [1, 1.3, 1.3, 1.4, 1.5, 1.3, 1.3, 1.4, 1.4]))
  expect(verdict).toMatchObject({ ratio: 1.3, between: [1.3, 1.4], pass: false })
})

it('leaves open what two of nine rounds contradict, and what too few rounds say', () => {
  expect(judge(figure(1.2, [1, 1, 1, 1, 1, 1, 1, 1.3, 1.3])).pass).toBeNull()
  expect(judge(figure(1.2, [1, 1, 1, 1, 1])).pass).toBeNull()
})
