// Numbers for Prometheus: requests by route, the process itself, and what a server adds of its own. One
// registry per process, so that a process that is gateway and service at once shows both.

import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  /** One request that was answered. */
  request(server: string, route: string, method: string, status: number, seconds: number): void
}

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Makes the registry of a process, with its memory, processor time and event-loop lag. */
export function makeMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'quittance_' })
  const requests = new Counter({
    name: 'quittance_http_requests_total',
    help: 'Requests answered, by server, route, method and class of status',
    labelNames: ['server', 'route', 'method', 'status'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'quittance_http_request_duration_seconds',
    help: 'Time to answer, by server and route',
    labelNames: ['server', 'route'],
    buckets,
    registers: [registry],
  })
  return {
    registry,
    request(server, route, method, status, seconds) {
      requests.inc({ server, route, method, status: `${Math.floor(status / 100)}xx` })
      durations.observe({ server, route }, seconds)
    },
  }
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

function isRight(given: string | undefined, token: string): boolean {
  const expected = Buffer.from(`Bearer ${token}`)
  const actual = Buffer.from(given ?? '')
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

/**
 * Whether somebody may read the metrics: with the token where one is set, else from this machine itself and
 * not through a proxy.
 */
export function mayReadMetrics(request: FastifyRequest, token: string | null): boolean {
  if (token !== null) return isRight(request.headers.authorization, token)
  const peer = request.raw.socket.remoteAddress ?? ''
  const { forwarded, 'x-forwarded-for': forwardedFor } = request.headers
  return loopback.has(peer) && forwarded === undefined && forwardedFor === undefined
}

export interface MetricsOptions {
  readonly metrics: Metrics
  readonly server: string
  /** METRICS_TOKEN. */
  readonly token: string | null
}

/** Counts every request of a server, and adds `GET /metrics`; for whom it is not, that is not found. */
export function installMetrics(app: FastifyInstance, options: MetricsOptions): void {
  const { metrics, server, token } = options
  app.addHook('onResponse', (request, reply, done) => {
    // Only declared routes are names: whatever else was asked for is one.
    const route = request.routeOptions.url ?? 'none'
    const { statusCode } = reply.raw
    metrics.request(server, route, request.method, statusCode, reply.elapsedTime / 1000)
    done()
  })
  app.get('/metrics', async (request: FastifyRequest, reply: FastifyReply) => {
    if (!mayReadMetrics(request, token)) return reply.callNotFound()
    const text = await metrics.registry.metrics()
    return reply.type(metrics.registry.contentType).header('cache-control', 'no-store').send(text)
  })
}
