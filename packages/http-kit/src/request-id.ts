// The id that ties an answer to the log lines it caused. Not an idempotency key.

import { randomUUID } from 'node:crypto'

const safeId = /^[A-Za-z0-9._:~+=@-]{1,128}$/

/**
 * The caller's `X-Request-Id` if it is 1-128 characters that are safe in headers and logs, else a new
 * one. An unsafe id is replaced rather than refused: it is a convenience, not input.
 */
export function requestIdFrom(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && safeId.test(header) ? header : `req_${randomUUID()}`
}
