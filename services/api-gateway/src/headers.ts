// Which headers pass the gateway. Not their meaning: end-to-end headers go through untouched.

import type { IncomingHttpHeaders } from 'node:http'

/** Headers of one connection only (RFC 9110, 7.6.1), never forwarded in either direction. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Set by the gateway itself; a value from outside would be a claim that nobody checked. */
const ours = new Set([
  'host',
  'content-length',
  'expect',
  'forwarded',
  'x-real-ip',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
])

/** What a `Connection` header names besides the usual; those headers end here too. */
function namedByConnection(connection: string | undefined): readonly string[] {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return []
  const names = connection.toLowerCase().split(',')
  return names.map(name => name.trim()).filter(name => name !== 'keep-alive' && name !== 'close')
}

/** How the request came in, for the billing service and its logs. */
export interface ForwardedFacts {
  readonly requestId: string
  /** Addresses from the client to our peer, as far as they are trusted. */
  readonly forwardedFor: string
  readonly protocol: string
  readonly host: string
  /** Host of the billing service. */
  readonly upstreamHost: string
  /** What carries the trace of this request on; null where requests are not traced. */
  readonly trace: Readonly<Record<string, string>> | null
  /** Length of the body that will be sent; null when the request has none, not even an empty one. */
  readonly bodyBytes: number | null
}

/** Who traces says where in the trace we are; of a caller's word only the trace itself is kept. */
const ofTraces = new Set(['traceparent', 'tracestate', 'baggage'])

/** Names and values in turn: the form that node:http writes without copying. */
export type HeaderList = string[]

/**
 * The headers the billing service gets. They come from the parsed view, where a repeated header has
 * one value already, so that no server behind can pick another one than the gateway did.
 */
export function requestHeaders(incoming: IncomingHttpHeaders, facts: ForwardedFacts): HeaderList {
  const list: HeaderList = [
    'host',
    facts.upstreamHost,
    'x-request-id',
    facts.requestId,
    'x-forwarded-for',
    facts.forwardedFor,
    'x-forwarded-proto',
    facts.protocol,
    'x-forwarded-host',
    facts.host,
  ]
  const dropped = namedByConnection(incoming.connection)
  for (const name in facts.trace) list.push(name, facts.trace[name]!)
  for (const name in incoming) {
    if (facts.trace !== null && ofTraces.has(name)) continue
    const value = incoming[name]
    if (value === undefined || hopByHop.has(name) || ours.has(name)) continue
    if (!dropped.includes(name))
      list.push(name, typeof value === 'string' ? value : value.join(', '))
  }
  if (facts.bodyBytes !== null) list.push('content-length', String(facts.bodyBytes))
  return list
}

/**
 * The headers the client gets: those of the billing service as it wrote them, repeated ones included,
 * without those that the gateway sets itself.
 */
export function responseHeaders(
  upstream: readonly string[],
  own: Readonly<Record<string, string>>,
): HeaderList {
  const list: HeaderList = []
  let dropped: readonly string[] = []
  for (let index = 0; index < upstream.length; index += 2) {
    if (upstream[index]!.toLowerCase() === 'connection') {
      dropped = namedByConnection(upstream[index + 1])
    }
  }
  for (let index = 0; index < upstream.length; index += 2) {
    const name = upstream[index]!.toLowerCase()
    if (hopByHop.has(name) || Object.hasOwn(own, name) || dropped.includes(name)) continue
    list.push(upstream[index]!, upstream[index + 1]!)
  }
  for (const name in own) list.push(name, own[name]!)
  return list
}
