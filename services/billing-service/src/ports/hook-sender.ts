// Signs a message and hands it to an endpoint on the open internet.

import type { Instant } from '../core/time.ts'
import type { DeliveryResult } from '../core/webhook.ts'

export interface HookMessage {
  readonly url: string
  /** Of the event; the same at every try. */
  readonly id: string
  readonly sentAt: Instant
  readonly body: string
  /** Each signs; the newest first. */
  readonly secrets: readonly string[]
}

/** Why nothing is ever sent to an address. */
export interface UrlProblem {
  readonly reason: string
  readonly reasonZh: string
}

export interface HookSender {
  /** Never throws for what the other side does: that is data. Follows no redirection. */
  send(message: HookMessage): Promise<DeliveryResult>
  /** What is wrong with an address, as far as it can be seen without asking anybody; else null. */
  check(url: string): UrlProblem | null
  /** Ends idle connections. */
  close(): void
}
