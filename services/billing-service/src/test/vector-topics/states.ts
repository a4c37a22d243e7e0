// Topics about the moves of invoices and subscriptions. Which moves exist is read from the tables in
// core; here are only the words that rows use for them.

import { type InvoiceStatus, mayMove } from '../../core/invoice.ts'
import { refuse } from '../../core/refusal.ts'
import { mayBecome, type SubscriptionStatus } from '../../core/subscription.ts'
import { type Got, has, type Input, type Topic, text, unsupported } from './reading.ts'

const invoiceStatuses = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const
const subscriptionStatuses = [
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'incomplete',
  'incomplete_expired',
  'canceled',
] as const

const invoiceTargets: Readonly<Record<string, InvoiceStatus>> = {
  finalize: 'open',
  pay: 'paid',
  'pay:succeed': 'paid',
  'pay:success': 'paid',
  void: 'void',
  mark_uncollectible: 'uncollectible',
  uncollectible: 'uncollectible',
}

/** Acts that keep the status, or end the invoice, and the moves whose possibility they share. */
function afterKeepingAct(status: InvoiceStatus, action: string): string | undefined {
  if (action === 'pay:fail') return mayMove(status, 'paid') ? status : undefined
  if (action === 'send') return status === 'open' ? status : undefined
  return status === 'draft' ? '(deleted)' : undefined
}

const invoiceMove: Topic = (input): Got => {
  const action = text(input.action)
  const status = invoiceStatuses.find(known => known === input.status)
  if (!status) return unsupported(`invoice status ${text(input.status)}`)
  const target = invoiceTargets[action]
  if (target === undefined && !['pay:fail', 'send', 'delete'].includes(action)) {
    return unsupported(`action ${action}`)
  }
  if (target === undefined) {
    return { status: afterKeepingAct(status, action) ?? refuse('invoice_not_open', { status }) }
  }
  return mayMove(status, target) ? { status: target } : refuse('invoice_not_open', { status })
}

const eventTargets: readonly (readonly [RegExp, SubscriptionStatus])[] = [
  [/first payment fails/, 'incomplete'],
  [/23 hours/, 'incomplete_expired'],
  [/\bcancel/, 'canceled'],
  [/setting unpaid/, 'unpaid'],
  [/renewal fails|setting (leave|keep|past_due)/, 'past_due'],
  [/behaviou?r pause/, 'paused'],
  [/paid|trial over|resum/, 'active'],
]

function statusAfter(input: Input, current: SubscriptionStatus | undefined): SubscriptionStatus {
  const event = text(input.event)
  // A pause of collection keeps the status; only what happens to its invoices changes.
  if (/pause_collection/.test(event) && current) return current
  const target = eventTargets.find(([words]) => words.test(event))?.[1]
  return target ?? unsupported(`event ${event}`)
}

const subscriptionMove: Topic = (input): Got => {
  const current = subscriptionStatuses.find(known => known === input.status)
  if (has(input, 'status') && !current) return unsupported(`status ${text(input.status)}`)
  const target = statusAfter(input, current)
  if (!current || current === target || mayBecome(current, target)) return { status: target }
  return refuse('subscription_not_active', { status: current })
}

export const stateTopics: Readonly<Record<string, Topic>> = {
  invoice_transition: invoiceMove,
  invoice_transition_refused: invoiceMove,
  subscription_transition: subscriptionMove,
  subscription_transition_refused: subscriptionMove,
}
