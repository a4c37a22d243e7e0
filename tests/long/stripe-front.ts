// What stands between the service and Stripe: it passes everything on, or plays the two ways in which Stripe
// is away: nobody listens, or somebody answers 503.
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { freePort } from '@quittance/http-kit/free-port'

export interface StripeFront {
  readonly url: string
  /** Passes on again. */
  open(): Promise<void>
  /** Nobody listens; calls under way lose their answers, whatever was done. */
  refuse(): Promise<void>
  /** Every call is answered 503, and nothing is passed on. */
  unavailable(): Promise<void>
  /** Calls that came through, and those that were answered 503. */
  readonly counts: { passed: number; turnedAway: number }
  close(): Promise<void>
}

/** Starts it before the sandbox at `target`, passing on. */
export async function startStripeFront(target: string): Promise<StripeFront> {
  const port = await freePort()
  const counts = { passed: 0, turnedAway: 0 }
  let away = false
  let server: Server | null = null

  const pass = (asked: IncomingMessage, answer: ServerResponse) => {
    counts.passed += 1
    const { method, headers, url } = asked
    const onward = forward(new URL(url ?? '/', target), { method, headers }, reply => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
    })
    onward.once('error', () => answer.destroy())
    asked.pipe(onward)
  }
  const turnAway = (asked: IncomingMessage, answer: ServerResponse) => {
    counts.turnedAway += 1
    asked.resume()
    answer.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Service Unavailable</h1>')
  }
  const stop = async () => {
    const stopping = server
    server = null
    if (stopping === null) return
    const closed = new Promise(resolve => stopping.close(resolve))
    stopping.closeAllConnections()
    await closed
  }
  const listen = async () => {
    if (server !== null) return
    const fresh = createServer((asked, answer) => (away ? turnAway : pass)(asked, answer))
    await new Promise<void>((resolve, reject) => {
      fresh.once('error', reject)
      fresh.listen(port, '127.0.0.1', resolve)
    })
    server = fresh
  }
  const set = async (now: boolean) => {
    away = now
    await listen()
  }
  await listen()
  return {
    url: `http://127.0.0.1:${port}`,
    open: () => set(false),
    refuse: stop,
    unavailable: () => set(true),
    counts,
    close: stop,
  }
}
