// How a server ends: requests under way are answered, and nobody else holds it up.
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** What a connection that was opened just now has to send the beginning of its request. */
const unusedMs = 500

/**
 * While closing, ends connections as they fall idle, soon those over which nothing was ever asked (a client may open
 * them ahead), and all of them when the time is up.
 */
export function closeWithin(app: FastifyInstance, timeoutMs: number): void {
  const open = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  app.addHook('preClose', done => {
    const began = performance.now()
    const sweep = setInterval(() => {
      app.server.closeIdleConnections()
      if (performance.now() - began < unusedMs) return
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
    }, 50)
    const limit = setTimeout(() => app.server.closeAllConnections(), timeoutMs)
    app.server.once('close', () => {
      clearInterval(sweep)
      clearTimeout(limit)
    })
    sweep.unref()
    limit.unref()
    done()
  })
}
