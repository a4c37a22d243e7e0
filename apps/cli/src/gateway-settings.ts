// Settings of the gateway alone: limits and where they are counted, other origins, TLS, who stands before it.
// Read like the configuration of the service: every bad value is named.
import { readFileSync } from 'node:fs'
import { defaultLimits } from '@quittance/api-gateway/app'
import type { GateLimits } from '@quittance/api-gateway/gate'
import type { LimitPolicy } from '@quittance/api-gateway/limits'
import {
  makeRedisLimiter,
  type RedisLimiter,
  type WithoutRedis,
} from '@quittance/api-gateway/redis-limits'
import type { Config } from '@quittance/billing-service/config'
import type { Metrics } from '@quittance/http-kit/metrics'
import { type Invocation, Problem } from './command.ts'

type Environment = Invocation['env']

export interface GatewaySettings {
  readonly limits: GateLimits
  readonly requestsAtOnce: number
  readonly redisUrl: string | null
  readonly withoutRedis: WithoutRedis
  readonly corsOrigins: readonly string[]
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  /** Null: nobody is believed. */
  readonly trustProxy: boolean | readonly string[] | null
  readonly metricsToken: string | null
}

const given = (env: Environment, name: string): string | null => {
  const value = env[name]?.trim()
  return value === undefined || value === '' ? null : value
}

const list = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map(each => each.trim())
    .filter(Boolean)

/** `100/200`: requests per second and the most at once; `off` for none. */
function limit(env: Environment, name: string, fallback: LimitPolicy | null): LimitPolicy | null {
  const value = given(env, name)
  if (value === null) return fallback
  if (value === 'off') return null
  const [, rate, most] = /^(\d{1,6})\/(\d{1,7})$/.exec(value) ?? []
  const policy = { perSecond: Number(rate), burst: Number(most) }
  const fits = policy.perSecond > 0 && policy.burst > 0 && policy.burst <= 5 * policy.perSecond
  if (fits) return policy
  throw new Problem(
    `${name} is "${value}", but must be off, or requests per second and the most at once, up to five times as many: 100/200.`,
  )
}

function whole(env: Environment, name: string, fallback: number, max: number): number {
  const number = Number(given(env, name) ?? fallback)
  if (Number.isInteger(number) && number >= 1 && number <= max) return number
  throw new Problem(
    `${name} is "${given(env, name)}", but must be a whole number from 1 to ${max}.`,
  )
}

function oneOf<T extends string>(env: Environment, name: string, allowed: readonly T[]): T {
  const value = given(env, name) ?? allowed[0]!
  const known = allowed.find(each => each === value)
  if (known !== undefined) return known
  throw new Problem(`${name} is "${value}", but must be one of ${allowed.join(', ')}.`)
}

function origins(env: Environment): string[] {
  const named = list(given(env, 'CORS_ORIGINS'))
  const wrong = named.find(each => !URL.canParse(each) || new URL(each).origin !== each)
  if (wrong === undefined) return named
  throw new Problem(`CORS_ORIGINS names "${wrong}", but takes origins such as https://app.example.`)
}

function file(env: Environment, name: string): string | null {
  const path = given(env, name)
  if (path === null) return null
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Problem(`${name} names ${path}, which cannot be read.`, { cause })
  }
}

function tlsOf(env: Environment): GatewaySettings['tls'] {
  const [cert, key] = [file(env, 'TLS_CERT_FILE'), file(env, 'TLS_KEY_FILE')]
  if (cert !== null && key !== null) return { cert, key }
  if (cert === null && key === null) return undefined
  throw new Problem('Set TLS_CERT_FILE and TLS_KEY_FILE, or neither.')
}

function redisUrl(env: Environment): string | null {
  const url = given(env, 'REDIS_URL')
  if (url === null || /^rediss?:\/\//.test(url)) return url
  throw new Problem('REDIS_URL must start with redis:// or rediss://.')
}

function trustProxy(env: Environment): GatewaySettings['trustProxy'] {
  const value = given(env, 'TRUST_PROXY')
  if (value === null || value === 'off') return null
  return value === 'all' ? true : list(value)
}

/** Reads them. Throws `Problem`. */
export function readGatewaySettings(env: Environment): GatewaySettings {
  return {
    limits: {
      tenant: limit(env, 'RATE_LIMIT_TENANT', defaultLimits.tenant),
      address: limit(env, 'RATE_LIMIT_ADDRESS', defaultLimits.address),
      token: limit(env, 'RATE_LIMIT_TOKEN', defaultLimits.token),
      heavy: limit(env, 'RATE_LIMIT_HEAVY', defaultLimits.heavy),
    },
    requestsAtOnce: whole(env, 'GATEWAY_REQUESTS_AT_ONCE', 1_024, 100_000),
    redisUrl: redisUrl(env),
    withoutRedis: oneOf(env, 'RATE_LIMIT_WITHOUT_REDIS', ['memory', 'open', 'closed']),
    corsOrigins: origins(env),
    tls: tlsOf(env),
    trustProxy: trustProxy(env),
    metricsToken: given(env, 'METRICS_TOKEN'),
  }
}

const local = ['127.0.0.1', '::1', 'localhost']

/**
 * With a live key nobody listens beyond this machine without TLS, unless TRUST_PROXY says that TLS ends
 * before us. Throws `Problem`.
 */
export function assertTls(config: Config, settings: GatewaySettings): void {
  const live = /^(sk|rk)_live_/.test(config.stripe?.secretKey ?? '')
  if (!live || local.includes(config.host)) return
  if (settings.tls !== undefined || settings.trustProxy !== null) return
  throw new Problem(
    `With a live Stripe key, plain HTTP on ${config.host} is refused: set TLS_CERT_FILE and TLS_KEY_FILE, or TRUST_PROXY to the addresses of the proxy where TLS ends.`,
  )
}

/** The limiter that gateways share, or null for the memory of each. */
export const sharedLimiter = (
  settings: GatewaySettings,
  log: (text: string) => void,
): RedisLimiter | null =>
  settings.redisUrl === null
    ? null
    : makeRedisLimiter({ url: settings.redisUrl, withoutRedis: settings.withoutRedis, log })

/** What a gateway is started with by these settings. */
export const gatewayOptions = (
  { limits, requestsAtOnce, corsOrigins, tls, trustProxy: believed, metricsToken }: GatewaySettings,
  metrics: Metrics,
  limiter: RedisLimiter | null,
) => ({
  limits,
  requestsAtOnce,
  corsOrigins,
  tls,
  trustProxy: believed ?? false,
  limiter: limiter ?? undefined,
  metrics: { metrics, token: metricsToken },
})
