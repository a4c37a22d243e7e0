// Sends a request as raw as HTTP allows, over one kept connection, and hears the answer whole.
import { Agent, type IncomingMessage, request } from 'node:http'
import type { Heard } from './judge.ts'

export interface Sent {
  readonly method: string
  /** From the root, as it stands in the request line. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

const answerTimeoutMs = 60_000

/** One percent-encoded part of a path or a query; halves of characters are sent as the replacement. */
export const encoded = (text: string): string =>
  encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'))

async function heard(response: IncomingMessage): Promise<Heard> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return {
    status: response.statusCode ?? 0,
    type: response.headers['content-type'] ?? '',
    text: Buffer.concat(chunks).toString('utf8'),
    requestId: response.headers['x-request-id'] as string | undefined,
    replayed: response.headers['idempotent-replayed'] === 'true',
  }
}

/** A sender to one server; close it at the end. */
export function makeSender(url: string) {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const send = ({ method, target, headers, body }: Sent): Promise<Heard> =>
    new Promise((resolve, reject) => {
      const length = body === null ? {} : { 'content-length': String(body.length) }
      const outgoing = request(
        { agent, hostname, port, method, path: target, headers: { ...headers, ...length } },
        response => heard(response).then(resolve, reject),
      )
      outgoing.setTimeout(answerTimeoutMs, () => outgoing.destroy(new Error('no answer in 60 s')))
      outgoing.on('error', reject)
      outgoing.end(body ?? undefined)
    })
  return { send, close: () => agent.destroy() }
}
