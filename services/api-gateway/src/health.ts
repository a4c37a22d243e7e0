// Whether the gateway is up, and whether the billing service behind it is ready. For orchestrators.

import { sendProblem } from '@quittance/http-kit/fastify-kit'
import type { FastifyInstance } from 'fastify'

const readyTimeoutMs = 3_000

async function isReady(billingUrl: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/readyz', billingUrl), {
      redirect: 'error',
      signal: AbortSignal.timeout(readyTimeoutMs),
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

/**
 * Adds `GET /healthz` (the gateway answers) and `GET /readyz` (the billing service is ready within
 * 3 s, else 503 `unavailable`).
 */
export function addHealthRoutes(app: FastifyInstance, billingUrl: string): void {
  app.get('/healthz', async (_, reply) => {
    reply.header('cache-control', 'no-store')
    return { status: 'ok' }
  })
  app.get('/readyz', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    if (await isReady(billingUrl)) return { status: 'ready' }
    const details = { part: 'the billing service', partZh: '计费服务' }
    return sendProblem(request, reply, { code: 'unavailable', details })
  })
}
