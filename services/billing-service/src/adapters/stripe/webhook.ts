// Stripe's webhook signature and the little of an event that we believe: which object to read
// again.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { refuse } from '../../core/refusal.ts'
import type { Instant } from '../../core/time.ts'
import type { ProcessorEvent } from '../../ports/processor.ts'

/**
 * How far the stamp may be from now, both ways: an old one is a replay, a future one a prepared
 * replay.
 */
const toleranceMs = 300_000
const headerLengthMax = 4_096
const signaturesMax = 16

interface SignatureHeader {
  readonly stamp: string
  readonly signatures: readonly Buffer[]
}

function readHeader(header: string | undefined): SignatureHeader | null {
  if (header === undefined || header.length > headerLengthMax) return null
  const pairs = header.split(',').map(part => {
    const [name = '', value = ''] = part.trim().split('=', 2)
    return { name, value }
  })
  const stamps = pairs.filter(pair => pair.name === 't').map(pair => pair.value)
  const signatures = pairs
    .filter(pair => pair.name === 'v1' && /^[0-9a-f]{64}$/.test(pair.value))
    .slice(0, signaturesMax)
    .map(pair => Buffer.from(pair.value, 'hex'))
  const [stamp] = stamps
  if (stamp === undefined || stamps.length !== 1 || !/^\d{1,12}$/.test(stamp)) return null
  return { stamp, signatures }
}

/** Whether any secret made any of the signatures; every pair is compared, in constant time. */
function isSigned(rawBody: Buffer, header: SignatureHeader, secrets: readonly string[]): boolean {
  let matches = 0
  for (const secret of secrets) {
    const hmac = createHmac('sha256', secret).update(`${header.stamp}.`).update(rawBody).digest()
    for (const signature of header.signatures) matches += Number(timingSafeEqual(hmac, signature))
  }
  return matches > 0
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parse(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'))
  } catch {
    return null
  }
}

/**
 * Reduces an event to a hint. Some objects have no id (`balance`, an upcoming invoice): theirs is
 * ''.
 */
export function toEvent(payload: unknown): ProcessorEvent | null {
  if (!isRecord(payload) || payload.object !== 'event' || !isRecord(payload.data)) return null
  const { id, type, created, api_version: apiVersion } = payload
  const { object } = payload.data
  if (typeof id !== 'string' || id === '' || typeof type !== 'string') return null
  if (typeof created !== 'number' || !Number.isSafeInteger(created) || !isRecord(object))
    return null
  if (typeof object.object !== 'string') return null
  return {
    eventId: id,
    type,
    objectType: object.object,
    objectId: typeof object.id === 'string' ? object.id : '',
    apiVersion: typeof apiVersion === 'string' ? apiVersion : null,
    createdAt: created * 1_000,
    payload,
  }
}

/**
 * Checks the `Stripe-Signature` header over the raw bytes against any of the secrets (two are live
 * while one is rotated) and reads the event. `now` is real time, never a tenant's clock. Refuses
 * `invalid_signature` for a missing, wrong or stale signature and for a body that is no event.
 */
export function readStripeEvent(
  secrets: readonly string[],
  rawBody: Buffer,
  signature: string | undefined,
  now: Instant,
): ProcessorEvent {
  const header = readHeader(signature)
  const fresh = header !== null && Math.abs(now - Number(header.stamp) * 1_000) <= toleranceMs
  if (!fresh || !isSigned(rawBody, header, secrets)) refuse('invalid_signature')
  return toEvent(parse(rawBody)) ?? refuse('invalid_signature')
}
