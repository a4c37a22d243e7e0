// The master keys of a deployment, wherever they stand: in a file, or in a service that never gives them out.
// They wrap the keys of tenants, which are what encrypts.

export interface WrappedKey {
  /** The master key that wraps it. */
  readonly masterId: string
  readonly wrapped: string
}

export interface MasterKeys {
  /** The one that wraps what is new; the others only unwrap. */
  readonly first: string
  /** `context` names whose key it is; it unwraps under the same name only. */
  wrap(key: Uint8Array, context: string): Promise<WrappedKey>
  /** Throws `StartupProblem` for a master key that is not there, or is not the one that wrapped it. */
  unwrap(wrapped: WrappedKey, context: string): Promise<Uint8Array>
}
