import { type AddMethod, addPaymentMethod } from '../../actions/payment-methods/add-method.ts'
import {
  makeDefault,
  prepareSetup,
  removeMethod,
  updateMethod,
} from '../../actions/payment-methods/method-verbs.ts'
import { readMethods } from '../../actions/payment-methods/read-methods.ts'
import { verifyMethod } from '../../actions/payment-methods/verify-method.ts'
import type { Caller } from '../../core/caller.ts'
import type { Address } from '../../core/customer.ts'
import type { BillingDetails, PaymentMethod } from '../../core/payment-method.ts'
import { refuse } from '../../core/refusal.ts'
import { fromIso } from '../../core/time.ts'
import { listInput, pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { methodToWire } from '../wire/records.ts'

type DetailsInput = Partial<Omit<BillingDetails, 'address'>> & {
  readonly address?: Partial<Address> | null
}

const detailsOf = (input: DetailsInput | undefined): Partial<BillingDetails> | undefined =>
  input === undefined ? undefined : (input as Partial<BillingDetails>)

interface MandateInput {
  readonly acceptedAt?: string | undefined
  readonly ipAddress?: string | undefined
  readonly userAgent?: string | undefined
}

function acceptanceOf(mandate: MandateInput | undefined): AddMethod['acceptance'] {
  if (mandate === undefined) return undefined
  const { acceptedAt, ipAddress, userAgent } = mandate
  return {
    ...(acceptedAt !== undefined && { acceptedAt: fromIso(acceptedAt, '/mandate/acceptedAt') }),
    ...(ipAddress !== undefined && { ipAddress }),
    ...(userAgent !== undefined && { userAgent }),
  }
}

export function paymentMethodRoutes(server: Server): void {
  const { deps } = server

  const wireOf = async (caller: Caller, method: PaymentMethod) => {
    const customer = await deps.store.of(caller.tenantId).get('customers', method.customerId)
    return methodToWire(method, customer.defaultPaymentMethodId, deps.clock.real())
  }

  serve(server, 'listPaymentMethods', async ({ caller, query }) => {
    const { page, defaults } = await readMethods(deps, caller, {
      ...listInput(query),
      status: query.status,
      customerId: query.customerId,
    })
    const now = deps.clock.real()
    return pageToWire(page, method =>
      methodToWire(method, defaults.get(method.customerId) ?? null, now),
    )
  })
  serve(server, 'getPaymentMethod', async ({ caller, params }) =>
    wireOf(caller, await deps.store.of(caller.tenantId).get('paymentMethods', params.id)),
  )
  serve(server, 'addPaymentMethod', async ({ caller, body }) =>
    wireOf(
      caller,
      await addPaymentMethod(deps, caller, {
        processorMethodId: body.paymentMethodId,
        setDefault: body.setDefault,
        billingDetails: detailsOf(body.billingDetails),
        customerId: body.customerId,
        acceptance: acceptanceOf(body.mandate),
      }),
    ),
  )
  serve(server, 'createSetupIntent', async ({ caller, body }) => prepareSetup(deps, caller, body))
  serve(server, 'verifyPaymentMethod', async ({ caller, params, body }) =>
    wireOf(caller, await verifyMethod(deps, caller, params.id, body)),
  )
  serve(server, 'updatePaymentMethod', async ({ caller, params, body }) => {
    const { expMonth, expYear } = body
    if ((expMonth === undefined) !== (expYear === undefined)) {
      refuse('invalid_request', {}, [
        { path: '/expMonth', message: 'expMonth and expYear come together' },
      ])
    }
    const expiry =
      expMonth === undefined || expYear === undefined
        ? undefined
        : { month: expMonth, year: expYear }
    const billingDetails = detailsOf(body.billingDetails)
    return wireOf(caller, await updateMethod(deps, caller, params.id, { billingDetails, expiry }))
  })
  serve(server, 'setDefaultPaymentMethod', async ({ caller, params }) =>
    wireOf(caller, await makeDefault(deps, caller, params.id)),
  )
  serve(server, 'removePaymentMethod', async ({ caller, params }) => {
    await removeMethod(deps, caller, params.id)
    return undefined
  })
}
