// A small collector of traces: it takes OTLP over HTTP as JSON, keeps every span, and what was sent word by word.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  /** Empty for the first of a trace that nobody outside began. */
  readonly parentSpanId: string
  readonly name: string
  readonly attributes: Readonly<Record<string, string | number>>
  readonly failed: boolean
}

interface Sent {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly {
    readonly key: string
    readonly value: { readonly stringValue?: string; readonly intValue?: number | string }
  }[]
  readonly status: { readonly code?: number }
}

const collected = ({ traceId, spanId, parentSpanId, name, attributes, status }: Sent) => ({
  traceId,
  spanId,
  parentSpanId: parentSpanId ?? '',
  name,
  attributes: Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  ),
  failed: status.code === 2,
})

/** Starts it on a free port of the loopback address. */
export async function startCollector() {
  const spans: CollectedSpan[] = []
  const bodies: string[] = []
  const server = createServer(async (request, answer) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const body = Buffer.concat(chunks).toString('utf8')
    bodies.push(`${request.method} ${request.url} ${body}`)
    for (const resource of JSON.parse(body).resourceSpans) {
      for (const { spans: sent } of resource.scopeSpans) spans.push(...sent.map(collected))
    }
    answer.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: spans as readonly CollectedSpan[],
    /** Everything that was sent. */
    text: () => bodies.join('\n'),
    close: () => new Promise(resolve => server.close(resolve)),
  }
}
