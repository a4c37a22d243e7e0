// How the contract looks at failures: a refusal by its code, anything else as a fault.
import { expect } from 'vitest'
import { Refusal } from '../../core/refusal.ts'

/** The refusal that the work ends in. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const error = await work.then(
    () => undefined,
    reason => reason,
  )
  expect(error).toBeInstanceOf(Refusal)
  return error as Refusal
}

/** The code that the work is refused with. */
export const codeOf = async (work: Promise<unknown>): Promise<string> =>
  (await refusalOf(work)).code

/** The work ends in a fault: not a refusal, for a caller could do nothing about it. */
export async function expectFault(work: Promise<unknown>): Promise<void> {
  const error = await work.then(
    () => undefined,
    reason => reason,
  )
  expect(error).toBeInstanceOf(Error)
  expect(error).not.toBeInstanceOf(Refusal)
}
