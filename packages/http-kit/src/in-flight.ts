// A bound on the requests that a server works on at one time. Those above it are refused at once, before their body
// is read: a queue would only make all of them late.
import type { FastifyInstance } from 'fastify'
import { HttpRefusal } from './refusal.ts'

export interface InFlightOptions {
  readonly max: number
  /** Paths that are always answered: whether the process lives, and its numbers. */
  readonly except: readonly string[]
}

/** Refuses `overloaded` above the bound. Call it before any route is added. */
export function boundInFlight(app: FastifyInstance, { max, except }: InFlightOptions): void {
  const free = new Set(except)
  let inFlight = 0
  app.addHook('onRequest', (request, reply, done) => {
    if (free.has(request.url.split('?')[0]!)) return done()
    if (inFlight >= max) return done(new HttpRefusal('overloaded', { seconds: 1 }))
    inFlight += 1
    // Comes once for every answer: when it was sent, and when its caller left before.
    reply.raw.once('close', () => {
      inFlight -= 1
    })
    done()
  })
}
