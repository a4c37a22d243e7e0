// Traces by OpenTelemetry, sent over OTLP/HTTP. The SDK is loaded when this is called and not before: a product
// that is not traced never reads it. Nothing is registered for the process as a whole.

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context, Span as OpenSpan } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import { failureName, type Span, type SpanFacts, type SpanKind, type Tracing } from './tracing.ts'

export interface OpenTelemetryOptions {
  /** The collector, such as `http://127.0.0.1:4318`; spans go to `/v1/traces` below it. */
  readonly endpoint: string
  readonly serviceName: string
  readonly version: string
}

/** A root span that says 0 here found nothing to do: it is not worth being sent. */
export const takenFact = 'quittance.taken'

/** Spans of one run that are held back until it ends; a longer run is sent as it goes. */
const heldMax = 2_000

/** Jobs look for work every second: the runs that found none are left out, with all that is below them. */
function withoutIdle(next: SpanProcessor): SpanProcessor {
  const held = new Map<string, ReadableSpan[]>()
  const letGo = (traceId: string) => {
    for (const span of held.get(traceId) ?? []) next.onEnd(span)
    held.delete(traceId)
  }
  return {
    onStart(span, context) {
      next.onStart(span, context)
      if (takenFact in span.attributes) held.set(span.spanContext().traceId, [])
    },
    onEnd(span) {
      const { traceId } = span.spanContext()
      const waiting = held.get(traceId)
      if (waiting === undefined) return next.onEnd(span)
      waiting.push(span)
      const isRoot = takenFact in span.attributes
      if (isRoot && span.attributes[takenFact] === 0) held.delete(traceId)
      else if (isRoot || waiting.length >= heldMax) letGo(traceId)
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  }
}

/** `00-<trace>-<span>-<flags>`, as W3C Trace Context writes it. */
const parentForm = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** Opens it. What cannot be sent is dropped: the collector's absence is nobody's failure. */
export async function openTracing(options: OpenTelemetryOptions): Promise<Tracing> {
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const { ROOT_CONTEXT, SpanKind: kinds, SpanStatusCode, trace } = api
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces`,
  })
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.serviceName,
      'service.version': options.version,
    }),
    spanProcessors: [withoutIdle(new sdk.BatchSpanProcessor({ exporter }))],
  })
  const tracer = provider.getTracer('quittance', options.version)
  const running = new AsyncLocalStorage<Context>()
  const kindOf = { server: kinds.SERVER, client: kinds.CLIENT, internal: kinds.INTERNAL }

  const contextOf = (traceparent: string | readonly string[] | undefined): Context | null => {
    const [, traceId, spanId, flags] = parentForm.exec(String(traceparent ?? '')) ?? []
    const parent = {
      traceId: traceId ?? '',
      spanId: spanId ?? '',
      traceFlags: Number.parseInt(flags ?? '0', 16),
      isRemote: true,
    }
    return api.isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : null
  }
  const spanOf = (span: OpenSpan, context: Context): Span => {
    const { traceId, spanId, traceFlags } = span.spanContext()
    const flags = traceFlags.toString(16).padStart(2, '0')
    return {
      traceId,
      headers: { traceparent: `00-${traceId}-${spanId}-${flags}` },
      within: work => running.run(trace.setSpan(context, span), work),
      add: facts => void span.setAttributes(facts),
      end(failure) {
        if (failure !== undefined) {
          span.setAttribute('error.type', failure)
          span.setStatus({ code: SpanStatusCode.ERROR })
        }
        span.end()
      },
    }
  }
  const begin: Tracing['begin'] = (name, kind: SpanKind, facts: SpanFacts, caller) => {
    const context = contextOf(caller?.traceparent) ?? running.getStore() ?? ROOT_CONTEXT
    const attributes = { ...facts }
    return spanOf(tracer.startSpan(name, { kind: kindOf[kind], attributes }, context), context)
  }
  return {
    begin,
    async span(name, kind, facts, work) {
      const span = begin(name, kind, facts)
      try {
        const result = await span.within(() => work(span))
        span.end()
        return result
      } catch (error) {
        span.end(failureName(error))
        throw error
      }
    },
    logFacts() {
      const context = running.getStore()
      const traceId = context && trace.getSpanContext(context)?.traceId
      return traceId === undefined ? {} : { trace_id: traceId }
    },
    async close() {
      await provider.shutdown().catch(() => undefined)
    },
  }
}
