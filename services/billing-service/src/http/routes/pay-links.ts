// Links that need no sign-in. Their token is the permission: it is counted per address, read, and never logged.
import type { BodyOf, ReplyOf } from '@quittance/billing-contract/route'
import { basePath, type Routes, routes } from '@quittance/billing-contract/routes'
import { languageOf } from '@quittance/http-kit/language'
import { fieldErrorsFrom } from '@quittance/http-kit/validation-errors'
import type { FastifyRequest } from 'fastify'
import { Compile } from 'typebox/compile'
import {
  checkoutByLink,
  createPayLink,
  type Held,
  openLink,
  payByLink,
  setupByLink,
  viewLink,
} from '../../actions/pay-links/pay-link.ts'
import { refuse } from '../../core/refusal.ts'
import { toIso } from '../../core/time.ts'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import { makePublicLimits } from '../public-limits.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { paymentToWire } from '../wire/money.ts'
import { payLinkToWire } from '../wire/pay-link.ts'

type PublicName = 'viewPayLink' | 'setupByPayLink' | 'payByPayLink' | 'checkoutByPayLink'

/** Uses of links by one address in a minute: looking costs little, trying cards must be slow. */
const usesMax = { GET: 60, POST: 10 } as const

/** What is wrong with a request's own address or browser changes nothing for a link. */
const requestOf = (request: FastifyRequest) => ({
  requestId: request.id,
  language: languageOf(request.headers['accept-language']),
  origin: {
    ipAddress: request.ip,
    userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
  },
})

export function payLinkRoutes(server: Server): void {
  const { deps, app } = server
  const limits = makePublicLimits()

  function serveHeld<N extends PublicName>(
    name: N,
    handle: (held: Held, body: BodyOf<Routes[N]>) => Promise<ReplyOf<Routes[N]>>,
  ): void {
    const route = routes[name]
    const validator = 'body' in route ? Compile(route.body) : null
    app.route({
      method: route.method,
      url: `${basePath}${route.path}`,
      handler: async (request, reply) => {
        limits.count(route.method, request.ip, usesMax[route.method], deps.clock.real())
        reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
        const { token } = request.params as { token: string }
        const held = await openLink(deps, token, requestOf(request))
        const body = request.body ?? {}
        if (validator !== null && !validator.Check(body)) {
          refuse('invalid_request', {}, fieldErrorsFrom(validator.Errors(body)))
        }
        try {
          return await handle(held, body as BodyOf<Routes[N]>)
        } catch (error) {
          if (!(error instanceof ProcessorUnavailable)) throw error
          return refuse('unavailable', { part: 'Stripe' })
        }
      },
    })
  }

  serve(server, 'createPayLink', async ({ caller, params, body }) => {
    const { url, expiresAt } = await createPayLink(deps, caller, params.id, body)
    return { url, expiresAt: toIso(expiresAt) }
  })
  serveHeld('viewPayLink', async held => payLinkToWire(await viewLink(deps, held), held))
  serveHeld('setupByPayLink', (held, { type }) => setupByLink(deps, held, type))
  serveHeld('payByPayLink', async (held, body) => {
    const { invoice, payment } = await payByLink(deps, held, body)
    const wire = paymentToWire(payment, held.caller.language)
    return { status: invoice.status, payment: wire.payment ?? null }
  })
  serveHeld('checkoutByPayLink', async held => {
    const { url, expiresAt } = await checkoutByLink(deps, held)
    return { url, expiresAt: toIso(expiresAt) }
  })
}
