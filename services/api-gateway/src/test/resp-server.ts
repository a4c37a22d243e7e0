// A server that speaks as much RESP as the limiter needs, with buckets by the rule of its script. For tests
// where no Redis is installed: it proves the protocol and the sharing, not the Lua.

import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'

interface Bucket {
  tokens: number
  at: number
}

export interface RespServer {
  readonly url: string
  /** Names of the commands that came. */
  commands(): string[]
  close(): Promise<void>
}

/** Takes whole commands (arrays of bulk strings) off the front of what arrived. */
function readCommands(text: string): { commands: string[][]; rest: string } {
  const commands: string[][] = []
  let rest = text
  for (;;) {
    const head = /^\*(\d+)\r\n/.exec(rest)
    if (head === null) return { commands, rest }
    let at = head[0].length
    const words: string[] = []
    for (let left = Number(head[1]); left > 0; left -= 1) {
      const size = /^\$(\d+)\r\n/.exec(rest.slice(at))
      if (size === null) return { commands, rest }
      const from = at + size[0].length
      const to = from + Number(size[1])
      if (rest.length < to + 2) return { commands, rest }
      words.push(rest.slice(from, to))
      at = to + 2
    }
    commands.push(words)
    rest = rest.slice(at)
  }
}

export async function startRespServer(port = 0): Promise<RespServer> {
  const buckets = new Map<string, Bucket>()
  const seen: string[] = []
  const sockets = new Set<Socket>()

  function take(key: string, rate: number, burst: number): [number, number] {
    const now = Date.now()
    const bucket = buckets.get(key) ?? { tokens: burst, at: now }
    const refilled = bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * rate
    let tokens = Math.min(burst, refilled)
    const allowed = tokens >= 1 ? 1 : 0
    tokens -= allowed
    buckets.set(key, { tokens, at: Math.max(now, bucket.at) })
    return [allowed, Math.floor(tokens * 1000)]
  }

  let loaded = false
  function answer([name = '', ...words]: string[]): string {
    const command = name.toUpperCase()
    seen.push(command)
    if (command === 'INFO') {
      const info = 'redis_version:7.2.0\r\nloading:0\r\n'
      return `$${info.length}\r\n${info}\r\n`
    }
    if (command === 'EVALSHA' && !loaded) return '-NOSCRIPT No matching script.\r\n'
    if (command === 'EVALSHA' || command === 'EVAL') {
      loaded = true
      const [, , key = '', rate, burst] = words
      const [allowed, left] = take(key, Number(rate), Number(burst))
      return `*2\r\n:${allowed}\r\n:${left}\r\n`
    }
    return '+OK\r\n'
  }

  const server = createServer(socket => {
    sockets.add(socket)
    let pending = ''
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', chunk => {
      // One character per byte, because lengths are of bytes.
      const { commands, rest } = readCommands(pending + chunk.toString('latin1'))
      pending = rest
      for (const command of commands) socket.write(answer(command))
    })
  })
  await new Promise<void>(done => server.listen(port, '127.0.0.1', done))
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `redis://127.0.0.1:${actual}`,
    commands: () => seen,
    close: () =>
      new Promise(done => {
        for (const socket of sockets) socket.destroy()
        server.close(() => done())
      }),
  }
}
