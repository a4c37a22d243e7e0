import { previewSubscription } from '../../actions/quotes/preview-subscription.ts'
import { readList } from '../../actions/read-list.ts'
import { changeSubscription } from '../../actions/subscriptions/change-subscription.ts'
import {
  createSubscription,
  type SubscriptionAndPayment,
} from '../../actions/subscriptions/create-subscription.ts'
import {
  cancelSubscription,
  reactivateSubscription,
} from '../../actions/subscriptions/end-subscription.ts'
import {
  endTrial,
  pauseSubscription,
  resumeSubscription,
} from '../../actions/subscriptions/pause-subscription.ts'
import { usageOf } from '../../actions/usage/read-usage.ts'
import type { Caller } from '../../core/caller.ts'
import type { Subscription } from '../../core/subscription.ts'
import { listInput, pageToWire, whereOf } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { paymentToWire } from '../wire/money.ts'
import { quoteToWire } from '../wire/quote.ts'
import { subscriptionToWire } from '../wire/subscription.ts'

export function subscriptionRoutes(server: Server): void {
  const { deps } = server

  const wireOf = async (caller: Caller, subscription: Subscription) => {
    const [use] = await usageOf(deps, caller.tenantId, [subscription])
    return subscriptionToWire(use!)
  }
  const withPayment = async (caller: Caller, done: SubscriptionAndPayment) => ({
    ...(await wireOf(caller, done.subscription)),
    ...paymentToWire(done.payment, caller.language),
  })

  serve(server, 'listSubscriptions', async ({ caller, query }) => {
    const where = whereOf(query, ['status', 'customerId']) as Partial<Subscription>
    const page = await readList(deps, caller.tenantId, 'subscriptions', where, listInput(query))
    const uses = await usageOf(deps, caller.tenantId, page.rows)
    return pageToWire({ ...page, rows: uses }, subscriptionToWire)
  })
  serve(server, 'getSubscription', async ({ caller, params }) =>
    wireOf(caller, await deps.store.of(caller.tenantId).get('subscriptions', params.id)),
  )
  serve(server, 'createSubscription', async ({ caller, body }) =>
    withPayment(caller, await createSubscription(deps, caller, body)),
  )
  serve(server, 'updateSubscription', async ({ caller, params, body }) =>
    withPayment(caller, await changeSubscription(deps, caller, params.id, body)),
  )
  serve(server, 'previewSubscription', async ({ caller, body }) =>
    quoteToWire(await previewSubscription(deps, caller, body), caller.language),
  )
  serve(server, 'cancelSubscription', async ({ caller, params, body }) =>
    wireOf(caller, await cancelSubscription(deps, caller, params.id, body)),
  )
  serve(server, 'reactivateSubscription', async ({ caller, params }) =>
    wireOf(caller, await reactivateSubscription(deps, caller, params.id)),
  )
  serve(server, 'pauseSubscription', async ({ caller, params, body }) =>
    wireOf(caller, await pauseSubscription(deps, caller, params.id, body.collection)),
  )
  serve(server, 'resumeSubscription', async ({ caller, params }) =>
    withPayment(caller, await resumeSubscription(deps, caller, params.id)),
  )
  serve(server, 'endTrial', async ({ caller, params }) =>
    withPayment(caller, await endTrial(deps, caller, params.id)),
  )
}
