// Checks that a message came from the billing service and is fresh (Standard Webhooks 1.0). Runs wherever
// Web Crypto does. Not the endpoint: see the README for one.
import type { WebhookMessageWire } from '@quittance/billing-contract/schemas/event-catalogue'

export type WebhookMessage = WebhookMessageWire

export interface WebhookVerification {
  /** The body as it arrived, before any parsing. */
  readonly body: string
  /** Of the request; names in any case. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  /** The endpoint's secret (`whsec_...`); several while one is being replaced. */
  readonly secret: string | readonly string[]
  /** How far the time of sending may be off, before and after; default 300 s. */
  readonly toleranceSeconds?: number
  /** Epoch milliseconds; default now. */
  readonly now?: number
}

/** `code` says what is wrong; answer 400 and do nothing. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError'
  readonly code: 'header_missing' | 'too_old' | 'too_new' | 'signature_wrong'

  constructor(code: WebhookVerificationError['code'], message: string) {
    super(message)
    this.code = code
  }
}

const toleranceDefaultSeconds = 300
/** A header with more signatures than this is nobody's honest one. */
const signaturesMax = 10

/**
 * The message, once its signature and its time were found right. Throws `WebhookVerificationError`. Signatures
 * are compared in constant time. The same event may come more than once: know it by `id`.
 */
export async function verifyWebhook(input: WebhookVerification): Promise<WebhookMessage> {
  const id = header(input.headers, 'webhook-id')
  const timestamp = header(input.headers, 'webhook-timestamp')
  const given = header(input.headers, 'webhook-signature')
  assertFresh(timestamp, input)
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${input.body}`)
  const candidates = given
    .split(' ')
    .filter(each => each.startsWith('v1,'))
    .slice(0, signaturesMax)
    .map(each => bytesOf(each.slice(3)))
  for (const secret of [input.secret].flat()) {
    const key = await keyOf(secret)
    for (const candidate of candidates) {
      if (candidate === null) continue
      if (await crypto.subtle.verify('HMAC', key, candidate, signed)) return parsed(input.body)
    }
  }
  throw new WebhookVerificationError('signature_wrong', 'No signature of the message is right.')
}

function header(headers: WebhookVerification['headers'], name: string): string {
  const value =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  if (typeof value === 'string' && value !== '') return value
  throw new WebhookVerificationError('header_missing', `The header ${name} is missing.`)
}

function assertFresh(timestamp: string, input: WebhookVerification): void {
  const { toleranceSeconds = toleranceDefaultSeconds, now = Date.now() } = input
  const ageSeconds = /^\d{1,12}$/.test(timestamp) ? now / 1000 - Number(timestamp) : Number.NaN
  if (Number.isNaN(ageSeconds) || ageSeconds > toleranceSeconds) {
    throw new WebhookVerificationError('too_old', 'The message is too old.')
  }
  if (ageSeconds < -toleranceSeconds) {
    throw new WebhookVerificationError('too_new', 'The message comes from the future.')
  }
}

/** Null for what is no base 64. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), character => character.charCodeAt(0))
  } catch {
    return null
  }
}

function keyOf(secret: string) {
  const bytes = bytesOf(secret.replace(/^whsec_/, ''))
  if (bytes === null || bytes.length === 0)
    throw new TypeError('The secret must be whsec_ and base 64.')
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
}

const parsed = (body: string): WebhookMessage => JSON.parse(body) as WebhookMessage
