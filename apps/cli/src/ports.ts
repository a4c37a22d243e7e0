// Ports that this machine must still have free.
import { createServer } from 'node:net'
import { Problem } from './command.ts'

/** Throws a `Problem` when a port is taken, before anything else was started for nothing. */
export async function assertFree(port: number, setting: string): Promise<void> {
  if (port === 0) return
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${cause.code})`
      reject(
        new Problem(`Port ${port} ${reason}: stop what listens there, or set ${setting}.`, {
          cause,
        }),
      )
    })
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}
