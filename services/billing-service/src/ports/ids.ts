// Makes ids and names that nobody can guess.
import type { Id, IdKind } from '../core/ids.ts'

export interface Ids {
  /** Prefixed and sortable by the time of making. */
  next<K extends IdKind>(kind: K): Id<K>
  /** Six upper-case letters and digits without look-alikes: a candidate for a number prefix. */
  numberPrefix(): string
  /** A secret that signs deliveries: `whsec_` and 32 random bytes in base 64. */
  webhookSecret(): string
  /** A key for a machine: `qk_` and 32 random bytes in base64url. */
  apiKey(): string
}
