// Traces as servers and services use them, whoever keeps them. Nothing of this is called unless tracing is on:
// parts that are not traced are the plain ones.

import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { addLogFacts } from './fastify-kit.ts'

/** What is said of a span: names and numbers, never a person's data, a token or a body. */
export type SpanFacts = Readonly<Record<string, string | number>>

/** One request or piece of work that is under way. */
export interface Span {
  /** Runs something below it. */
  within<T>(work: () => T): T
  add(facts: SpanFacts): void
  /** Ends it; `failure` names what went wrong, such as a refusal's code or a status. */
  end(failure?: string): void
  /** `traceparent` for whoever is asked next (W3C Trace Context). */
  readonly headers: Readonly<Record<string, string>>
  readonly traceId: string
}

export type SpanKind = 'server' | 'client' | 'internal'

export interface Tracing {
  /** Begins a span below the one that is running, or below the caller's. */
  begin(name: string, kind: SpanKind, facts: SpanFacts, caller?: IncomingHttpHeaders): Span
  /** Runs work in a span of its own: its failure is named by code or kind, never by its message. */
  span<T>(
    name: string,
    kind: SpanKind,
    facts: SpanFacts,
    work: (span: Span) => Promise<T>,
  ): Promise<T>
  /** For log lines: the trace that is running, or nothing. */
  logFacts(): { readonly trace_id?: string }
  /** Sends what is left. */
  close(): Promise<void>
}

const spans = new WeakMap<FastifyRequest, Span>()

/** The headers that carry a request's trace on; null when it is not traced. */
export const traceHeadersOf = (request: FastifyRequest) => spans.get(request)?.headers ?? null

/** The name of a failure that says nothing of anybody: its code, else its kind. */
export function failureName(error: unknown): string {
  if (!(error instanceof Error)) return 'error'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** What is asked every few seconds and says nothing of anybody's work. */
const probes: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/** Traces every request of a server but probes; call it after `installKit` and before any route is added. */
export function installTracing(app: FastifyInstance, tracing: Tracing, server: string): void {
  app.addHook('onRequest', (request, _reply, done) => {
    // The pattern of a route, never the path itself: that may be a secret.
    const route = request.routeOptions.url ?? 'none'
    if (probes.has(route)) return done()
    const facts = { 'http.request.method': request.method, 'http.route': route }
    const name = `${server} ${request.method} ${route}`
    const span = tracing.begin(name, 'server', facts, request.headers)
    spans.set(request, span)
    addLogFacts(request, { trace_id: span.traceId })
    span.within(done)
  })
  // Reading a body leaves the context of the request: it is entered again.
  app.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request)
    if (span === undefined) done()
    else span.within(done)
  })
  app.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request)
    const status = reply.raw.statusCode
    const { tenantId } = request.logFacts ?? {}
    span?.add({
      'http.response.status_code': status,
      ...(typeof tenantId === 'string' && { 'quittance.tenant_id': tenantId }),
    })
    span?.end(status >= 500 ? String(status) : undefined)
    done()
  })
}
