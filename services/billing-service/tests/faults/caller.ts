// A caller as platforms write them: it hears an answer, or it hears nothing and asks again when the service
// is back.
import { setTimeout as wait } from 'node:timers/promises'
import { createSigner } from 'fast-jwt'
import { tokenSecret } from './parts.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are read as callers in JavaScript do
type Body = any

export interface Heard {
  readonly status: number
  readonly body: Body
}

export interface Request {
  readonly as: 'admin' | 'operator'
  readonly tenantId: string
  readonly body?: unknown
  readonly key?: string
}

export interface Caller {
  /** One try; null when the connection ended without an answer, whatever was done. */
  once(method: string, path: string, request: Request): Promise<Heard | null>
  /** Tries until an answer comes that is worth keeping, for as long as the service may be away. */
  until(method: string, path: string, request: Request): Promise<Heard>
  /** Answers that no caller should ever get. */
  readonly unexpected: readonly string[]
}

const answerWithinMs = 90_000
const pauseMs = 250
const triesMax = 800

/** Asks the service at `url` with tokens of its own. */
export function callerOf(url: string): Caller {
  const sign = createSigner({ key: tokenSecret })
  const unexpected: string[] = []
  const tokenOf = ({ as, tenantId }: Request): string =>
    sign({
      sub: `faults-${as}`,
      exp: Math.floor(Date.now() / 1000) + 3600,
      roles: [as],
      ...(as === 'admin' ? { tenantId } : {}),
    })
  const once = async (method: string, path: string, request: Request): Promise<Heard | null> => {
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${tokenOf(request)}`,
          ...(request.as === 'operator' ? { 'x-tenant-id': request.tenantId } : {}),
          ...(request.key === undefined ? {} : { 'idempotency-key': request.key }),
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        signal: AbortSignal.timeout(answerWithinMs),
      })
      const text = await response.text()
      const heard = { status: response.status, body: text === '' ? null : JSON.parse(text) }
      const known = heard.status < 500 || heard.status === 503
      if (!known) unexpected.push(`${method} ${path} answered ${heard.status}: ${text}`)
      return heard
    } catch {
      return null
    }
  }
  return {
    once,
    async until(method, path, request) {
      for (let tries = 0; tries < triesMax; tries += 1) {
        const heard = await once(method, path, request)
        const running = heard?.body?.code === 'idempotency_in_progress'
        if (heard !== null && heard.status < 500 && !running) return heard
        await wait(pauseMs)
      }
      throw new Error(`${method} ${path} was not answered`)
    },
    unexpected,
  }
}
