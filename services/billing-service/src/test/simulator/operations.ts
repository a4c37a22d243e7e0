// What tenants and their operators do. Each operation looks at the tenant, draws its arguments, and answers
// an act that can be run once, twice side by side, or again after a crash.

import { createCreditNote } from '../../actions/credits/create-credit-note.ts'
import { adjustBalance } from '../../actions/credits/credit-balance.ts'
import {
  createInvoice,
  deleteDraft,
  finalizeInvoice,
  voidOpenInvoice,
  writeOff,
} from '../../actions/invoices/invoice-verbs.ts'
import { payInvoice } from '../../actions/invoices/pay-invoice.ts'
import { addPaymentMethod } from '../../actions/payment-methods/add-method.ts'
import { makeDefault, removeMethod } from '../../actions/payment-methods/method-verbs.ts'
import { changeSubscription } from '../../actions/subscriptions/change-subscription.ts'
import { createSubscription } from '../../actions/subscriptions/create-subscription.ts'
import {
  cancelSubscription,
  reactivateSubscription,
} from '../../actions/subscriptions/end-subscription.ts'
import {
  endTrial,
  pauseSubscription,
  resumeSubscription,
} from '../../actions/subscriptions/pause-subscription.ts'
import { createRefund } from '../../actions/transactions/refund.ts'
import { recordUsage } from '../../actions/usage/record-usage.ts'
import type { Caller } from '../../core/caller.ts'
import { amountDueMinor, type Invoice } from '../../core/invoice.ts'
import { refundableMinor, type Transaction } from '../../core/payment.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import { isLive, type Subscription } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import type { Random } from './random.ts'
import { authenticate, currencyOf, type TenantState } from './tenant-state.ts'
import type { SimulatedWorld } from './world.ts'

export interface Act {
  /** In words, for the diary. */
  readonly says: string
  run(deps: Deps, caller: Caller): Promise<unknown>
}

export interface Scene extends TenantState {
  readonly world: SimulatedWorld
  readonly random: Random
}

type Operation = (scene: Scene) => Act | null

const act = (says: string, run: Act['run']): Act => ({ says, run })
const one = <T>(scene: Scene, rows: readonly T[]): T | null =>
  rows.length === 0 ? null : scene.random.pick(rows)

const plans = ['free', 'starter', 'professional', 'enterprise'] as const
const cycles = ['monthly', 'yearly'] as const

/** Cards by what they do; most pay. */
const cards = {
  pm_card_visa: 10,
  pm_card_mastercard: 5,
  pm_card_chargeCustomerFail: 4,
  pm_card_chargeDeclinedInsufficientFunds: 1,
  pm_card_authenticationRequired: 2,
  pm_card_authenticationRequiredOnSetup: 2,
  pm_card_pendingRefund: 2,
  pm_card_refundFail: 2,
} as const

const live = (scene: Scene): Subscription | null => one(scene, scene.subscriptions.filter(isLive))

const withStatus = (scene: Scene, ...statuses: Subscription['status'][]): Subscription | null =>
  one(
    scene,
    scene.subscriptions.filter(each => statuses.includes(each.status)),
  )

const invoiceThat = (scene: Scene, fits: (invoice: Invoice) => boolean): Invoice | null =>
  one(scene, scene.invoices.filter(fits))

const subscribe: Operation = scene => {
  if (scene.subscriptions.some(isLive)) return null
  const { random } = scene
  const plan = random.weighted({ free: 1, starter: 4, professional: 4, enterprise: 1 })
  const billingCycle = random.weighted({ monthly: 5, yearly: 1 })
  const quantity = random.chance(0.3) ? random.whole(2, 7) : 1
  const card = scene.methods.length === 0 || random.chance(0.3) ? random.weighted(cards) : undefined
  const trialDays = random.chance(0.4) ? 0 : undefined
  const currency = currencyOf(scene)
  const input = { plan, billingCycle, quantity, paymentMethodId: card, trialDays, currency }
  return act(`subscribes ${JSON.stringify(input)}`, (deps, caller) =>
    createSubscription(deps, caller, input),
  )
}

const changePlan: Operation = scene => {
  const subscription = live(scene)
  if (subscription === null) return null
  const { random } = scene
  const plan = random.pick(plans)
  const when = random.chance(0.4) ? random.pick(['now', 'period_end'] as const) : undefined
  const input = { plan, when }
  return act(`moves ${subscription.planCode} to ${JSON.stringify(input)}`, (deps, caller) =>
    changeSubscription(deps, caller, subscription.id, input),
  )
}

const changeTerms: Operation = scene => {
  const subscription = live(scene)
  if (subscription === null) return null
  const { random } = scene
  const input = random.chance(0.7)
    ? { quantity: random.whole(1, 8) }
    : { billingCycle: random.pick(cycles), when: random.pick([undefined, 'period_end'] as const) }
  return act(`changes ${JSON.stringify(input)}`, (deps, caller) =>
    changeSubscription(deps, caller, subscription.id, input),
  )
}

const cancel: Operation = scene => {
  const subscription = live(scene)
  if (subscription === null) return null
  const when = scene.random.chance(0.7) ? 'period_end' : 'now'
  return act(`cancels ${when}`, (deps, caller) =>
    cancelSubscription(deps, caller, subscription.id, { when }),
  )
}

const reactivate: Operation = scene => {
  const ending = one(
    scene,
    scene.subscriptions.filter(each => isLive(each) && each.cancelAtPeriodEnd),
  )
  return ending === null
    ? null
    : act('reactivates', (deps, caller) => reactivateSubscription(deps, caller, ending.id))
}

const pause: Operation = scene => {
  const running = withStatus(scene, 'active', 'trialing')
  return running === null
    ? null
    : act('pauses', (deps, caller) => pauseSubscription(deps, caller, running.id))
}

const resume: Operation = scene => {
  const paused = withStatus(scene, 'paused')
  return paused === null
    ? null
    : act('resumes', (deps, caller) => resumeSubscription(deps, caller, paused.id))
}

const finishTrial: Operation = scene => {
  const trialing = withStatus(scene, 'trialing')
  return trialing === null
    ? null
    : act('ends the trial', (deps, caller) => endTrial(deps, caller, trialing.id))
}

const dayMs = 86_400_000

const use: Operation = scene => {
  const subscription = live(scene)
  if (subscription === null) return null
  const { random, world } = scene
  const late = random.chance(0.2)
  const agoMs = late ? random.whole(0, 50) * dayMs : random.whole(0, 3_600_000)
  const occurredAt = Math.max(subscription.createdAt, world.now() - agoMs)
  const quantity = String(random.whole(1, 2500))
  const idempotencyKey = random.chance(0.1) ? `use-${random.whole(1, 20)}` : null
  const input = { subscriptionId: subscription.id, metric: 'messages', quantity }
  return act(
    `uses ${quantity}${late ? ` (${Math.round(agoMs / dayMs)} d ago)` : ''}`,
    (d, caller) => recordUsage(d, caller, { ...input, occurredAt, idempotencyKey }),
  )
}

const correct: Operation = scene => {
  const subscription = live(scene)
  const event = one(scene, scene.usage)
  if (subscription === null || event === null) return null
  const quantity = String(scene.random.whole(0, 2000))
  const input = {
    subscriptionId: event.subscriptionId,
    metric: event.metric,
    quantity,
    occurredAt: null,
    idempotencyKey: null,
    corrects: event.idempotencyKey,
  }
  return act(`corrects ${event.quantity} to ${quantity}`, (deps, caller) =>
    recordUsage(deps, caller, input),
  )
}

const addCard: Operation = scene => {
  const processorMethodId = scene.random.weighted(cards)
  const setDefault = scene.random.chance(0.6)
  return act(`adds ${processorMethodId}${setDefault ? ' as default' : ''}`, (deps, caller) =>
    addPaymentMethod(deps, caller, { processorMethodId, setDefault }),
  )
}

const methodThat = (scene: Scene): PaymentMethod | null => one(scene, scene.methods)

const chooseCard: Operation = scene => {
  const method = methodThat(scene)
  return method === null
    ? null
    : act(`makes ${method.card?.last4} the default`, (deps, caller) =>
        makeDefault(deps, caller, method.id),
      )
}

const dropCard: Operation = scene => {
  const method = methodThat(scene)
  return method === null
    ? null
    : act(`removes ${method.card?.last4}`, (deps, caller) => removeMethod(deps, caller, method.id))
}

const pay: Operation = scene => {
  const invoice = invoiceThat(scene, each => amountDueMinor(each) > 0)
  return invoice === null
    ? null
    : act(`pays ${invoice.invoiceNumber}`, (deps, caller) =>
        payInvoice(deps, caller, invoice.id, {}),
      )
}

const refundable = (scene: Scene): Transaction | null =>
  one(
    scene,
    scene.transactions.filter(each => each.type === 'payment' && refundableMinor(each) > 0),
  )

const partOf = (random: Random, wholeMinor: number): number =>
  Math.max(1, Math.floor((wholeMinor * random.whole(1, 100)) / 100))

const refund: Operation = scene => {
  const payment = refundable(scene)
  if (payment === null || payment.status !== 'succeeded') return null
  const { random } = scene
  const amountMinor = random.chance(0.3) ? null : partOf(random, payment.amountMinor)
  return act(`refunds ${amountMinor ?? 'all'} of ${payment.amountMinor}`, (deps, caller) =>
    createRefund(deps, caller, payment.id, { amountMinor, reason: null }),
  )
}

const item = (description: string, quantity: string, unitAmount: string) => ({
  description,
  quantity,
  unitAmount,
  taxRatePpm: null,
})

const bill: Operation = scene => {
  const { random } = scene
  const unitAmount = random.pick([5, 12, 250, 1999])
  const input = {
    currency: currencyOf(scene),
    lineItems: [
      item('Consulting', String(random.whole(1, 9)), String(unitAmount)),
      ...(random.chance(0.3) ? [item('Travel', '1', '30')] : []),
    ],
    dueAt: null,
    autoFinalize: random.chance(0.7),
    collection: random.chance(0.4) ? ('automatic' as const) : ('manual' as const),
    metadata: {},
  }
  return act(`is billed by hand ${JSON.stringify(input.lineItems)}`, (deps, caller) =>
    createInvoice(deps, caller, input),
  )
}

const issueDraft: Operation = scene => {
  const draft = invoiceThat(scene, each => each.status === 'draft')
  return draft === null
    ? null
    : act('issues a draft by hand', (deps, caller) => finalizeInvoice(deps, caller, draft.id))
}

const dropDraft: Operation = scene => {
  const draft = invoiceThat(scene, each => each.status === 'draft' && each.subscriptionId === null)
  return draft === null
    ? null
    : act('deletes a draft', (deps, caller) => deleteDraft(deps, caller, draft.id))
}

const withdraw: Operation = scene => {
  const open = invoiceThat(scene, each => each.status === 'open')
  return open === null
    ? null
    : act(`voids ${open.invoiceNumber}`, (deps, caller) => voidOpenInvoice(deps, caller, open.id))
}

const giveUp: Operation = scene => {
  const open = invoiceThat(scene, each => each.status === 'open')
  return open === null
    ? null
    : act(`writes ${open.invoiceNumber} off`, (deps, caller) => writeOff(deps, caller, open.id))
}

const credit: Operation = scene => {
  const issued = invoiceThat(
    scene,
    each => !['draft', 'void'].includes(each.status) && each.totalMinor > each.amountCreditedMinor,
  )
  if (issued === null) return null
  const { random } = scene
  const leftMinor = issued.totalMinor - issued.amountCreditedMinor
  const amountMinor = random.chance(0.3) ? null : partOf(random, leftMinor)
  const toBalance = random.chance(0.6)
  const creditedMinor = amountMinor ?? leftMinor
  const returnedMinor = Math.max(0, creditedMinor - amountDueMinor(issued))
  const input = {
    lines: null,
    amountMinor,
    reason: null,
    refundMinor: toBalance ? null : returnedMinor,
    creditMinor: null,
  }
  return act(`credits ${amountMinor ?? 'all'} of ${issued.invoiceNumber}`, (deps, caller) =>
    createCreditNote(deps, caller, issued.id, input),
  )
}

const adjust: Operation = scene => {
  const amountMinor = scene.random.pick([700, 2500, -300, 4000])
  const currency = currencyOf(scene)
  return act(`adjusts the balance by ${amountMinor}`, (deps, caller) =>
    adjustBalance(deps, caller, { currency, amountMinor, reason: 'goodwill' }),
  )
}

const confirm: Operation = scene => {
  const waiting = one(
    scene,
    scene.transactions.filter(each => each.status === 'requires_action'),
  )
  if (waiting?.processorId == null) return null
  const passes = scene.random.chance(0.7)
  const { processorId } = waiting
  return act(`${passes ? 'passes' : 'fails'} the challenge`, () =>
    authenticate(scene.world, processorId, passes),
  )
}

interface Offered {
  readonly weight: number
  readonly operation: Operation
}

export const operations: Readonly<Record<string, Offered>> = {
  subscribe: { weight: 40, operation: subscribe },
  changePlan: { weight: 8, operation: changePlan },
  changeTerms: { weight: 6, operation: changeTerms },
  cancel: { weight: 2, operation: cancel },
  reactivate: { weight: 6, operation: reactivate },
  pause: { weight: 2, operation: pause },
  resume: { weight: 8, operation: resume },
  finishTrial: { weight: 2, operation: finishTrial },
  use: { weight: 24, operation: use },
  correct: { weight: 4, operation: correct },
  addCard: { weight: 6, operation: addCard },
  chooseCard: { weight: 4, operation: chooseCard },
  dropCard: { weight: 3, operation: dropCard },
  pay: { weight: 12, operation: pay },
  refund: { weight: 6, operation: refund },
  bill: { weight: 4, operation: bill },
  issueDraft: { weight: 4, operation: issueDraft },
  dropDraft: { weight: 2, operation: dropDraft },
  withdraw: { weight: 3, operation: withdraw },
  giveUp: { weight: 2, operation: giveUp },
  credit: { weight: 5, operation: credit },
  adjust: { weight: 2, operation: adjust },
  confirm: { weight: 30, operation: confirm },
}
