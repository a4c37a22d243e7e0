// Puts the gateway together: the gate before the billing API, health, demo sign-in, the dashboard.
// Listening and shutting down are in server.ts.

import { closeWithin } from '@quittance/http-kit/close-within'
import { installKit, serverOptions } from '@quittance/http-kit/fastify-kit'
import { installMetrics, type Metrics } from '@quittance/http-kit/metrics'
import { makeTokenVerifier, type TokenVerifierOptions } from '@quittance/http-kit/token'
import { installTracing, type Tracing } from '@quittance/http-kit/tracing'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { apiPrefix } from './auth.ts'
import { makeBodyReader } from './body.ts'
import { type BreakerOptions, makeBreaker } from './breaker.ts'
import { addCors, addHsts } from './cors.ts'
import { addDemoRoutes, type DemoIssuer } from './demo.ts'
import { type GateLimits, makeGate } from './gate.ts'
import { addHealthRoutes } from './health.ts'
import { makeMemoryLimiter, type RateLimiter } from './limits.ts'
import { addProblemPages } from './problems.ts'
import { makeForwarder } from './proxy.ts'
import { makeDashboard } from './static.ts'

/** 100 requests/s per tenant with bursts of 200, 300/s per address with 600, 20/s of what costs much with 60. */
export const defaultLimits: GateLimits = {
  tenant: { perSecond: 100, burst: 200 },
  address: { perSecond: 300, burst: 600 },
  token: null,
  heavy: { perSecond: 20, burst: 60 },
}

export interface GatewayOptions {
  /** Origin of the billing service, `http://127.0.0.1:3010`. */
  readonly billingUrl: string
  /** How tokens are verified; see the token verifier. */
  readonly token: TokenVerifierOptions
  /** Each limit may be replaced, or switched off with null. */
  readonly limits?: Partial<GateLimits> | undefined
  /** Where requests are counted; default: the memory of this process. */
  readonly limiter?: RateLimiter | undefined
  /** Origins whose pages may call the API, such as `https://app.example`; default none but our own. */
  readonly corsOrigins?: readonly string[] | undefined
  /** When the billing service is taken for gone. */
  readonly breaker?: BreakerOptions | undefined
  /** A certificate and its key in PEM: then it listens with TLS. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
  /** Numbers for Prometheus; without it there is no /metrics. */
  readonly metrics?: { readonly metrics: Metrics; readonly token: string | null } | undefined
  /** Where traces are kept; without it nothing is traced. */
  readonly tracing?: Tracing | undefined
  /** Folder of the built dashboard. */
  readonly staticDir?: string | null | undefined
  /** Whether the dashboard loads Stripe.js, that is with a real Stripe key; default false. */
  readonly stripeJs?: boolean | undefined
  /** Demo sign-in, for the sandbox only. */
  readonly demo?: DemoIssuer | null | undefined
  /** Proxies before us whose `X-Forwarded-*` we believe, as Fastify's `trustProxy`; default none. */
  readonly trustProxy?: boolean | string | readonly string[] | undefined
  readonly logger?: FastifyBaseLogger | undefined
  /** Requests under way to the billing service at one time; more are refused `overloaded`. Default 1,024. */
  readonly requestsAtOnce?: number | undefined
  /** Longest silence of the billing service; default 30,000. */
  readonly upstreamTimeoutMs?: number | undefined
  /** Longest time for a request to arrive in full; default 30,000. Its head gets a third of it. */
  readonly requestTimeoutMs?: number | undefined
  /** Longest time to finish requests when closing; default 10,000. */
  readonly closeTimeoutMs?: number | undefined
  /** Largest body; default 1 MB. */
  readonly bodyBytesMax?: number | undefined
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const heldBytesMax = 256 * 1024 * 1024
const requestsAtOnceDefault = 1_024

function makeServer(options: GatewayOptions): FastifyInstance {
  const requestTimeout = options.requestTimeoutMs ?? 30_000
  const { trustProxy = false } = options
  const app = Fastify({
    ...serverOptions({ logger: options.logger }),
    ...(options.tls === undefined ? {} : { https: { ...options.tls, minVersion: 'TLSv1.2' } }),
    trustProxy: typeof trustProxy === 'object' ? [...trustProxy] : trustProxy,
    requestTimeout,
    // Requests that reach us while closing are still answered; new connections are not taken.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 16_384 },
    http: {
      headersTimeout: Math.ceil(requestTimeout / 3),
      connectionsCheckingInterval: Math.min(1_000, Math.ceil(requestTimeout / 4)),
    },
  })
  return app
}

/**
 * Builds the gateway, ready to listen. Throws when no token key is given or when the billing address
 * is no http(s) origin.
 */
export function buildGateway(options: GatewayOptions): FastifyInstance {
  const bodyBytesMax = options.bodyBytesMax ?? 1024 * 1024
  const forwarder = makeForwarder({
    url: options.billingUrl,
    timeoutMs: options.upstreamTimeoutMs ?? 30_000,
    inFlightMax: options.requestsAtOnce ?? requestsAtOnceDefault,
  })
  const dashboard = makeDashboard(options.staticDir ?? null, {
    stripeJs: options.stripeJs ?? false,
  })
  let closing = false
  const gate = makeGate({
    verifier: makeTokenVerifier(options.token),
    limiter: options.limiter ?? makeMemoryLimiter(),
    limits: { ...defaultLimits, ...options.limits },
    breaker: makeBreaker(options.breaker),
    bodies: makeBodyReader({ bytesMax: bodyBytesMax, heldBytesMax }),
    bodyBytesMax,
    forwarder,
    traced: options.tracing !== undefined,
    isClosing: () => closing,
  })

  const app = makeServer(options)
  installKit(app, { accessLog: options.logger !== undefined, fallback: dashboard.fallback })
  if (options.tracing !== undefined) installTracing(app, options.tracing, 'gateway')
  addHsts(app)
  addCors(app, options.corsOrigins ?? [])
  if (options.metrics !== undefined) {
    installMetrics(app, { ...options.metrics, server: 'gateway' })
  }
  app.addHook('preClose', done => {
    closing = true
    done()
  })
  closeWithin(app, options.closeTimeoutMs ?? 10_000)
  app.addHook('onClose', async () => forwarder.close())
  const unreachable = async () => {
    throw new Error('The gate answers every request of the billing API.')
  }
  for (const url of [apiPrefix, `${apiPrefix}/*`]) {
    app.route({ method: methods, url, onRequest: gate, handler: unreachable })
  }
  addHealthRoutes(app, options.billingUrl)
  addProblemPages(app)
  if (options.demo !== undefined && options.demo !== null) addDemoRoutes(app, options.demo)
  dashboard.install(app)
  return app
}
