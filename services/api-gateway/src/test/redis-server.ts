// A real Redis of a test's own, on a loopback port, without a file: what it held ends with it.
import { execFileSync, spawn } from 'node:child_process'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'

function onPath(): string | null {
  for (const name of ['redis-server', 'valkey-server']) {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return name
    } catch {
      // Not on the PATH.
    }
  }
  return null
}

/** The server's program; null where none is installed. */
export const redisProgram = onPath()

const readyWithinMs = 10_000

/** Whether somebody listens there and answers PING. */
const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'))
    socket.once('data', bytes => {
      socket.destroy()
      resolve(bytes.toString().startsWith('+PONG'))
    })
    socket.once('error', () => resolve(false))
  })

/** Starts one and waits until it answers; `kill` ends it as a power cut would. */
export async function startRedis(port: number) {
  if (redisProgram === null) throw new Error('no redis-server on the PATH')
  const settings = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn(redisProgram, args, { stdio: 'ignore', cwd: tmpdir() })
  const ended = new Promise(resolve => child.once('close', resolve))
  const end = performance.now() + readyWithinMs
  while (!(await answers(port))) {
    if (performance.now() > end) throw new Error(`${redisProgram} does not answer on ${port}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
