// Token buckets that several gateways share: in Redis, one script per request, by the clock of Redis. What
// happens while Redis does not answer is chosen: each gateway counts by itself, nothing is counted, or
// nothing passes.
import { refuseRequest } from '@quittance/http-kit/refusal'
import { Redis } from 'ioredis'
import {
  type LimitDecision,
  type LimitPolicy,
  makeMemoryLimiter,
  type RateLimiter,
} from './limits.ts'

/** `memory`: each gateway counts by itself. `open`: everything passes. `closed`: 503. */
export type WithoutRedis = 'memory' | 'open' | 'closed'

export interface RedisLimiterOptions {
  readonly url: string
  readonly withoutRedis: WithoutRedis
  /** Longest wait for one answer; default 250. */
  readonly timeoutMs?: number | undefined
  readonly log?: ((text: string) => void) | undefined
}

export interface RedisLimiter extends RateLimiter {
  close(): void
}

/**
 * Takes one token of the bucket. KEYS[1]: the bucket; ARGV: tokens per second, the most tokens. Answers
 * whether there was one, and thousandths of tokens left. A bucket is forgotten once it is full again.
 */
export const takeScript = `
local rate = tonumber(ARGV[1])
local burst = tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1]) or burst
local at = tonumber(bucket[2]) or now
tokens = math.min(burst, tokens + math.max(0, now - at) / 1000 * rate)
local allowed = 0
if tokens >= 1 then
  tokens = tokens - 1
  allowed = 1
end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(math.max(now, at)))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return { allowed, math.floor(tokens * 1000) }
`

declare module 'ioredis' {
  interface Redis {
    takeToken(key: string, perSecond: number, burst: number): Promise<[number, number]>
  }
}

const prefix = 'quittance:limit:'

function decisionOf(policy: LimitPolicy, allowed: boolean, tokens: number): LimitDecision {
  return {
    allowed,
    policy,
    remaining: Math.floor(tokens),
    fullAfterSeconds: Math.ceil((policy.burst - tokens) / policy.perSecond),
    retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / policy.perSecond)),
  }
}

/** Opens the connection; it comes back by itself whenever Redis does. */
export function makeRedisLimiter(options: RedisLimiterOptions): RedisLimiter {
  const log = options.log ?? (() => undefined)
  const redis = new Redis(options.url, {
    // A request never waits for a connection to come back.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: options.timeoutMs ?? 250,
    connectTimeout: 2_000,
    retryStrategy: tries => Math.min(2_000, 50 * 2 ** tries),
  })
  redis.defineCommand('takeToken', { numberOfKeys: 1, lua: takeScript })
  let reachable = true
  const note = (now: boolean, text: string) => {
    if (now !== reachable) log(text)
    reachable = now
  }
  redis.on('ready', () => note(true, 'Redis answers again: limits are shared.'))
  redis.on('error', error =>
    note(false, `Redis does not answer (${error.message}): limits are ${options.withoutRedis}.`),
  )
  const memory = makeMemoryLimiter()

  const without = (key: string, policy: LimitPolicy) => {
    if (options.withoutRedis === 'memory') return memory.take(key, policy)
    if (options.withoutRedis === 'open') return decisionOf(policy, true, policy.burst)
    return refuseRequest('unavailable', { part: 'rate limits', partZh: '限流服务', seconds: 1 })
  }

  return {
    async take(key, policy) {
      try {
        const { perSecond, burst } = policy
        const [allowed, thousandths] = await redis.takeToken(prefix + key, perSecond, burst)
        return decisionOf(policy, allowed === 1, thousandths / 1000)
      } catch {
        return without(key, policy)
      }
    },
    close: () => redis.disconnect(),
  }
}
