// How many requests a key may make: token buckets in memory. Not a fixed window, which would let twice
// the rate through at its edges and has no bursts. Which keys are limited is decided in gate.ts.

/** A rate and how far it may be exceeded for a moment. */
export interface LimitPolicy {
  readonly perSecond: number
  /** The most requests at once after a pause. */
  readonly burst: number
}

export interface LimitDecision {
  readonly allowed: boolean
  readonly policy: LimitPolicy
  /** Whole requests that are left right now. */
  readonly remaining: number
  /** Seconds, rounded up, until the bucket is full again. */
  readonly fullAfterSeconds: number
  /** Seconds, rounded up, until the next request passes; 0 when this one did. */
  readonly retryAfterSeconds: number
}

/** Counts requests. One shared by many gateways may answer with a promise. */
export interface RateLimiter {
  take(key: string, policy: LimitPolicy): LimitDecision | Promise<LimitDecision>
}

export interface MemoryLimiterOptions {
  /** Milliseconds of a clock that never jumps back. */
  readonly now?: (() => number) | undefined
  /** Keys remembered at once; default 50,000, about 10 MB. */
  readonly keysMax?: number | undefined
}

interface Bucket {
  tokens: number
  at: number
}

/** Refilling takes at most this long, so a bucket untouched for longer is full and may be forgotten. */
const generationMs = 5_000

function decide(bucket: Bucket, policy: LimitPolicy): LimitDecision {
  const allowed = bucket.tokens >= 1
  if (allowed) bucket.tokens -= 1
  const missing = policy.burst - bucket.tokens
  return {
    allowed,
    policy,
    remaining: Math.floor(bucket.tokens),
    fullAfterSeconds: Math.ceil(missing / policy.perSecond),
    retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((1 - bucket.tokens) / policy.perSecond)),
  }
}

/**
 * Buckets of one process. Two generations of buckets bound the memory: a bucket lives for one to two
 * generations after its last use, which is longer than it needs to refill. A flood of new keys turns
 * the generations over early; then some busy buckets start full again, and memory stays bounded.
 * Throws for a policy that takes longer than 5 s to refill.
 */
export function makeMemoryLimiter(options: MemoryLimiterOptions = {}): RateLimiter {
  const now = options.now ?? (() => performance.now())
  const generationMax = Math.ceil((options.keysMax ?? 50_000) / 2)
  let young = new Map<string, Bucket>()
  let old = new Map<string, Bucket>()
  let turnedAt = now()

  function bucketFor(key: string, policy: LimitPolicy, at: number): Bucket {
    const found = young.get(key) ?? old.get(key)
    if (found !== undefined) {
      const refilled = found.tokens + (Math.max(0, at - found.at) / 1000) * policy.perSecond
      found.tokens = Math.min(policy.burst, refilled)
      found.at = at
      young.set(key, found)
      return found
    }
    const bucket = { tokens: policy.burst, at }
    young.set(key, bucket)
    return bucket
  }

  return {
    take(key, policy) {
      if (policy.burst / policy.perSecond > generationMs / 1000) {
        throw new Error('A rate limit must refill within 5 seconds.')
      }
      const at = now()
      if (at - turnedAt >= generationMs || young.size >= generationMax) {
        // After a long pause the young ones are full again as well.
        old = at - turnedAt >= 2 * generationMs ? new Map() : young
        young = new Map()
        turnedAt = at
      }
      return decide(bucketFor(key, policy, at), policy)
    },
  }
}

/**
 * The key of an address: an IPv4 address as it is, an IPv6 address by its /64 network, because one
 * customer holds all addresses of it.
 */
export function addressKey(address: string): string {
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7)
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('%', 1)[0]!.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length)
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back]
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** The tighter of two decisions, the one to report. */
export function tighter(first: LimitDecision | null, second: LimitDecision): LimitDecision {
  if (first === null || !second.allowed) return second
  return first.remaining < second.remaining ? first : second
}

/** `RateLimit-*` headers (IETF httpapi draft, the three-header form) for a decision. */
export function limitHeaders(decision: LimitDecision | null): Record<string, string> {
  if (decision === null) return {}
  const { perSecond, burst } = decision.policy
  return {
    'ratelimit-limit': String(burst),
    'ratelimit-remaining': String(decision.remaining),
    'ratelimit-reset': String(decision.fullAfterSeconds),
    'ratelimit-policy': `${perSecond};w=1;burst=${burst}`,
  }
}
