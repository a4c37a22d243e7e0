// The id that ties an answer to the log lines it caused. Not an idempotency key.

import { randomUUID } from 'node:crypto'
import { accountNumberIn } from './account-numbers.ts'

const safeId = /^[A-Za-z0-9._:~+=@-]{1,128}$/

/**
 * The caller's `X-Request-Id` if it is 1-128 characters that are safe in headers and logs and no card
 * number, else a new one. An unsafe id is replaced rather than refused: it is a convenience, not input.
 */
export function requestIdFrom(header: string | readonly string[] | undefined): string {
  const isSafe =
    typeof header === 'string' && safeId.test(header) && accountNumberIn(header) === null
  return isSafe ? header : `req_${randomUUID()}`
}
