// Quotes: asked for, thought over, and confirmed for exactly what they said or refused.
import { previewSubscription } from '../../../actions/quotes/preview-subscription.ts'
import { changeSubscription } from '../../../actions/subscriptions/change-subscription.ts'
import {
  createSubscription,
  type SubscriptionAndPayment,
} from '../../../actions/subscriptions/create-subscription.ts'
import type { Caller } from '../../../core/caller.ts'
import type { Quote } from '../../../core/quote.ts'
import { isLive } from '../../../core/subscription.ts'
import type { Deps } from '../../../deps.ts'
import { currencyOf } from '../tenant-state.ts'
import { drawCode } from './coupons.ts'
import { cards } from './methods.ts'
import { act, live, type Operation, one, type Scene } from './scene.ts'
import { cycles, plans } from './subscriptions.ts'

const maybeCode = ({ random }: Scene): string | undefined =>
  random.chance(0.25) ? drawCode(random) : undefined

/** What a quote of a change asks about. */
function wantedChange(scene: Scene) {
  const { random } = scene
  return {
    plan: random.chance(0.7) ? random.pick(plans) : undefined,
    quantity: random.chance(0.4) ? random.whole(1, 8) : undefined,
    billingCycle: random.chance(0.2) ? random.pick(cycles) : undefined,
    coupon: maybeCode(scene),
  }
}

/** A confirmed quote that charged another amount than it said is a fault. */
async function assertCharged(
  deps: Deps,
  caller: Caller,
  { id: quoteId, dueNowMinor }: Pick<Quote, 'id' | 'dueNowMinor'>,
  { payment }: SubscriptionAndPayment,
): Promise<void> {
  const reads = deps.store.of(caller.tenantId)
  const transactionId = payment?.transactionId ?? null
  const chargedMinor =
    transactionId === null ? 0 : (await reads.get('transactions', transactionId)).amountMinor
  if (chargedMinor === dueNowMinor) return
  throw new Error(`the quote ${quoteId} says ${dueNowMinor}, but ${chargedMinor} was charged`)
}

async function confirmQuote(
  deps: Deps,
  caller: Caller,
  quote: Quote,
  paymentMethodId?: string,
): Promise<void> {
  const { id: quoteId, subscriptionId, request } = quote
  const input = { quoteId, paymentMethodId }
  const result =
    subscriptionId === null
      ? await createSubscription(deps, caller, { ...input, plan: request.plan! })
      : await changeSubscription(deps, caller, subscriptionId, input)
  await assertCharged(deps, caller, quote, result)
}

/** Looks at a price and goes away again; `confirmKept` may come back to it. */
export const askPrice: Operation = scene => {
  const subscription = live(scene)
  const input =
    subscription === null
      ? { plan: scene.random.pick(plans), currency: currencyOf(scene), coupon: maybeCode(scene) }
      : { ...wantedChange(scene), subscriptionId: subscription.id }
  return act(`asks the price of ${JSON.stringify(input)}`, (deps, caller) =>
    previewSubscription(deps, caller, input),
  )
}

/** Comes back to a quote, which may be used, expired, or overtaken by what happened since. */
export const confirmKept: Operation = scene => {
  const quote = one(scene, scene.quotes)
  return quote === null
    ? null
    : act(`confirms the kept quote of ${quote.dueNowMinor}`, (deps, caller) =>
        confirmQuote(deps, caller, quote),
      )
}

/** Sees the price and takes it. */
export const takeQuote: Operation = scene => {
  const subscription = live(scene)
  if (subscription === null) return null
  const input = { ...wantedChange(scene), subscriptionId: subscription.id }
  return act(`takes the quote of ${JSON.stringify(input)}`, async (deps, caller) => {
    const { quote } = await previewSubscription(deps, caller, input)
    await confirmQuote(deps, caller, quote)
  })
}

export const subscribeByQuote: Operation = scene => {
  if (scene.subscriptions.some(isLive)) return null
  const { random } = scene
  const input = {
    plan: random.pick(plans),
    billingCycle: random.pick(cycles),
    quantity: random.whole(1, 4),
    currency: currencyOf(scene),
    coupon: maybeCode(scene),
  }
  const card = scene.methods.length === 0 ? random.weighted(cards) : undefined
  return act(`subscribes by quote ${JSON.stringify(input)}`, async (deps, caller) => {
    const { quote } = await previewSubscription(deps, caller, input)
    await confirmQuote(deps, caller, quote, card)
  })
}
