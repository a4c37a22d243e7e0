// A port for a server of our own. Not one that the system hands out (`listen(0)`): from the same range it takes
// the local end of every outgoing connection, so such a port is easily taken again before the server listens.
import { createServer } from 'node:net'

/** Systems hand out ports from 32768 on (Linux) or from 49152 on (RFC 6335). */
const [first, last] = [10_000, 32_000]
const triesMax = 100

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(false) : reject(error),
    )
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })

/** A port of the loopback address on which nothing listened a moment ago. Throws when 100 in a row are taken. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const port = first + Math.floor(Math.random() * (last - first))
    if (await isFree(port)) return port
  }
  throw new Error(`${triesMax} ports between ${first} and ${last} are taken`)
}
