// Many requests at a time over connections that stay open, from this process.
import { Agent, request } from 'node:http'

export interface Asked {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface Load {
  /** Requests per second. */
  readonly rate: number
  /** Half of all were answered within so many milliseconds. */
  readonly p50Ms: number
  /** 99 of 100 were. */
  readonly p99Ms: number
}

function once(agent: Agent, { method, url, headers, body }: Asked): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers: { ...headers } }, answer => {
      answer.resume()
      answer.on('end', () => {
        const status = answer.statusCode ?? 0
        if (status >= 200 && status < 300) resolve()
        else reject(new Error(`${method} ${url} answered ${status}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Sends `count` requests, `concurrency` at a time. Rejects at the first that is not answered with success. */
export async function sendAll(
  count: number,
  concurrency: number,
  ask: (n: number) => Asked,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  const took: number[] = []
  let next = 0
  const began = performance.now()
  const worker = async () => {
    while (next < count) {
      const asked = ask(next++)
      const at = performance.now()
      await once(agent, asked)
      took.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  const seconds = (performance.now() - began) / 1_000
  agent.destroy()
  took.sort((a, b) => a - b)
  const within = (share: number) => took[Math.floor(took.length * share)] ?? 0
  return { rate: count / seconds, p50Ms: within(0.5), p99Ms: within(0.99) }
}
