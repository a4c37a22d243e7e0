// Sign-in for first runs and demos: a list of people and a token for each. Exists only while the
// gateway is given an issuer, which the sandbox alone does; it asks for no password.

import { sendProblem } from '@quittance/http-kit/fastify-kit'
import type { FastifyInstance } from 'fastify'

/** A person one can be in the demo. */
export interface DemoUser {
  readonly id: string
  readonly name: string
  readonly tenantId: string | null
  readonly roles: readonly string[]
  readonly description: string
}

/** Issues tokens for demo users. `issue` is called only with an id of `users`. */
export interface DemoIssuer {
  readonly users: readonly DemoUser[]
  issue(userId: string): string
}

const bodySchema = {
  type: 'object',
  required: ['user'],
  additionalProperties: false,
  properties: { user: { type: 'string', minLength: 1, maxLength: 100 } },
} as const

/** Adds `GET /demo/sign-ins` and `POST /demo/token`. */
export function addDemoRoutes(app: FastifyInstance, issuer: DemoIssuer): void {
  app.get('/demo/sign-ins', async (_, reply) => {
    reply.header('cache-control', 'no-store')
    return { data: issuer.users }
  })
  app.post<{ Body: { user: string } }>(
    '/demo/token',
    { bodyLimit: 4_096, schema: { body: bodySchema } },
    (request, reply) => {
      const user = issuer.users.find(each => each.id === request.body.user)
      reply.header('cache-control', 'no-store')
      if (user === undefined) {
        const details = { noun: 'demo user', nounZh: '演示用户' }
        sendProblem(request, reply, { code: 'not_found', details })
      } else {
        reply.send({ token: issuer.issue(user.id), user })
      }
    },
  )
}
