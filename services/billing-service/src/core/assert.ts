// What must hold inside core. A failed assertion is a fault of ours (a 500 without details), never a
// refusal of the caller; for that there is `refuse`.

/** Thrown by `assert`: a condition that our own code guarantees did not hold. */
export class FailedAssertion extends Error {
  override readonly name = 'FailedAssertion'
}

/** Stops with a fault when a condition that our own code guarantees does not hold. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new FailedAssertion(`assertion failed: ${message}`)
}
