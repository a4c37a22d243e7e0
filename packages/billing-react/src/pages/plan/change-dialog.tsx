// Confirming a plan: what it will cost, from when, paid with what. An amount that the API has not
// stated is a dash with its reason, never a guess.

import { BillingError } from '@quittance/billing-client/error'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type Billing, useBilling } from '../../billing-context.ts'
import { leaveToConfirm } from '../../data/bank-confirmation.ts'
import { usePaymentMethods, useQuote } from '../../data/read.ts'
import type { PaymentResultWire, PlanWire, QuoteWire, SubscriptionWire } from '../../data/wire.ts'
import { useWrite } from '../../data/write.ts'
import { money, unknownValue } from '../../formats.ts'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { Facts } from '../../parts/section.tsx'
import { payingMethod } from '../../states/method-state.ts'
import { declineKey } from '../../states/transaction-state.ts'
import { methodName, metricName } from '../../words/names.ts'
import { perCycleKey } from './current-plan.tsx'
import { type Cycle, type PlanMove, priceOf, smallerQuotas, whenOf } from './plan-facts.ts'

export interface Choice {
  readonly plan: PlanWire
  readonly move: PlanMove
  readonly billingCycle: Cycle
}

interface ChangeProps {
  readonly choice: Choice
  readonly subscription: SubscriptionWire | null
  readonly plans: readonly PlanWire[]
}

/** What a change means: taken from the rules that the API states for its defaults. */
type Effect = 'free' | 'subscribe' | 'trial' | 'now' | 'later'

function effectOf({ choice, subscription }: Omit<ChangeProps, 'plans'>): Effect {
  const price = priceOf(choice.plan, choice.billingCycle, subscription?.currency)
  if (!subscription) return price?.amount === 0 ? 'free' : 'subscribe'
  if (subscription.status === 'trialing') return 'trial'
  return whenOf(choice.move) === 'now' ? 'now' : 'later'
}

const dueHints = {
  free: 'plan.change.freeNow',
  subscribe: 'plan.change.firstCharge',
  trial: 'plan.change.trialNow',
  now: 'plan.change.prorated',
  later: 'plan.change.nothingNow',
} as const satisfies Record<Effect, string>

function inForce(effect: Effect, subscription: SubscriptionWire | null, { t }: Billing): string {
  if (effect === 'later' && subscription) {
    return t('plan.change.on', { day: { day: subscription.currentPeriodEnd } })
  }
  return t(effect === 'trial' ? 'plan.change.atTrialNow' : 'plan.change.atOnce')
}

function confirmWords(
  props: Omit<ChangeProps, 'plans'>,
  effect: Effect,
  quote: QuoteWire,
  billing: Billing,
): string {
  const { t, reader } = billing
  const { choice, subscription } = props
  const plan = choice.plan.name
  if (effect === 'subscribe' && quote.dueNow > 0) {
    const amount = money(quote.dueNow, quote.currency, reader.language)
    return t('plan.change.confirmPaySubscribe', { amount, plan })
  }
  if (effect === 'subscribe') return t('plan.change.confirmSubscribe', { plan })
  if (effect === 'now' && quote.dueNow > 0) {
    const amount = money(quote.dueNow, quote.currency, reader.language)
    return t('plan.change.confirmPay', { amount, plan })
  }
  if (effect === 'now') return t('plan.change.confirmNow', { plan })
  if (effect === 'later' && subscription) {
    const day = { day: subscription.currentPeriodEnd }
    return t('plan.change.confirmLater', { plan, day })
  }
  return t('plan.change.confirmFree', { plan })
}

type Quoted = UseQueryResult<QuoteWire>

const dueHint = (quote: QuoteWire, effect: Effect) =>
  effect === 'subscribe' && quote.dueNow === 0 ? 'plan.change.trialFirst' : dueHints[effect]

/** What is charged now, as quoted; without a quote a dash and why. */
function DueNow({ quote, effect }: { readonly quote: Quoted; readonly effect: Effect }): ReactNode {
  const { t, reader } = useBilling()
  const { data, error } = quote
  const amount = data ? money(data.dueNow, data.currency, reader.language) : unknownValue
  const reason = error instanceof BillingError ? error.detail : ''
  const missing = error ? t('plan.change.noQuote', { reason }) : t('plan.change.quoting')
  return (
    <>
      <span className="qt-strong">{amount} </span>
      {data ? t(dueHint(data, effect)) : missing}
    </>
  )
}

/** Account credit and the next invoice, as far as the quote has them. */
function quotedFacts(quote: QuoteWire | undefined, { t, reader }: Billing) {
  if (!quote) return []
  const amount = (value: number) => money(value, quote.currency, reader.language)
  const { credit, creditAdded, nextInvoice } = quote
  return [
    ...(credit > 0 ? [{ name: t('plan.change.credit'), value: amount(credit) }] : []),
    ...(creditAdded > 0
      ? [{ name: t('plan.change.creditAdded'), value: amount(creditAdded) }]
      : []),
    ...(nextInvoice
      ? [
          {
            name: t('plan.change.next'),
            value: t('plan.change.nextValue', {
              amount: amount(nextInvoice.amountDue),
              day: { day: nextInvoice.date },
            }),
          },
        ]
      : []),
  ]
}

function ChangeFacts(
  props: ChangeProps & { readonly effect: Effect; readonly quote: Quoted },
): ReactNode {
  const billing = useBilling()
  const { t, reader } = billing
  const { choice, subscription, plans, effect, quote } = props
  const methods = usePaymentMethods()
  const price = priceOf(choice.plan, choice.billingCycle, subscription?.currency)
  const amount = price ? money(price.amount, price.currency, reader.language) : unknownValue
  const costs = effect === 'now' || effect === 'subscribe'
  const method = payingMethod(methods.data ?? [], subscription)
  const mine = plans.find(plan => plan.code === subscription?.plan)
  const losing = smallerQuotas(mine, choice.plan).map(metric => metricName(metric, t))
  const glue = reader.language === 'en' ? ', ' : '、'
  const facts = [
    { name: t('plan.change.price'), value: `${amount} ${t(perCycleKey(choice.billingCycle))}` },
    {
      name: t('plan.change.dueNow'),
      value: <DueNow quote={quote} effect={effect} />,
    },
    ...quotedFacts(quote.data, billing),
    { name: t('plan.change.inForce'), value: inForce(effect, subscription, billing) },
    ...(costs
      ? [
          {
            name: t('plan.change.method'),
            value: method ? methodName(method, t) : t('overview.noMethod'),
          },
        ]
      : []),
  ]
  return (
    <>
      <Facts facts={facts} />
      {losing.length > 0 ? (
        <p className="qt-warn">{t('plan.change.losing', { list: losing.join(glue) })}</p>
      ) : null}
      {effect === 'now' ? <p className="qt-secondary">{t('plan.change.declineKeeps')}</p> : null}
    </>
  )
}

function paymentReason(payment: PaymentResultWire, { t }: Billing): string {
  return payment.message ?? t(declineKey(payment.declineCode))
}

/** What to say when the API has answered: only what its answer shows. */
function resultWords(after: SubscriptionWire, choice: Choice, billing: Billing): string {
  const { t } = billing
  const plan = choice.plan.name
  if (after.payment?.status === 'requires_action') return t('plan.change.confirmBank', { plan })
  if (after.status === 'incomplete' && after.payment) {
    return t('plan.change.incomplete', { reason: paymentReason(after.payment, billing) })
  }
  const change = after.pendingChange
  if (change?.effectiveAt) {
    return t('plan.change.scheduled', { plan, day: { day: change.effectiveAt } })
  }
  return t(change ? 'plan.change.waiting' : 'plan.change.done', { plan })
}

export interface ChangeDialogProps extends ChangeProps {
  readonly onDone: (text: string) => void
  readonly onClose: () => void
}

interface Confirmation {
  readonly plan: string
  readonly billingCycle: Cycle
  readonly quoteId: string
}

/** Whether the quote no longer holds, so that another one has to be shown. */
const isQuoteGone = (error: unknown): boolean =>
  error instanceof BillingError && error.code.startsWith('quote_')

/** Subscribes to a plan, or changes to it, for exactly what was quoted. */
export function ChangeDialog(props: ChangeDialogProps): ReactNode {
  const billing = useBilling()
  const { choice, subscription } = props
  const { plan, move, billingCycle } = choice
  const effect = effectOf(props)
  const when = whenOf(move)
  const quote = useQuote({
    plan: plan.code,
    billingCycle,
    ...(subscription ? { subscriptionId: subscription.id, when } : {}),
  })
  const write = useWrite(
    (client, input: Confirmation, options) =>
      subscription
        ? client.updateSubscription(subscription.id, { ...input, when }, options)
        : client.createSubscription(input, options),
    after => {
      leaveToConfirm(after.payment)
      props.onDone(resultWords(after, choice, billing))
      props.onClose()
    },
  )
  const confirm = () => {
    if (!quote.data) return
    const { quoteId } = quote.data
    if (quoteId === null) return
    const input = { plan: plan.code, billingCycle, quoteId }
    write.mutate(input, { onError: error => isQuoteGone(error) && void quote.refetch() })
  }
  const { t } = billing
  const name = { plan: plan.name }
  return (
    <ConfirmDialog
      title={t(subscription ? 'plan.change.title' : 'plan.change.subscribeTitle', name)}
      confirm={quote.data ? confirmWords(props, effect, quote.data, billing) : null}
      busy={write.isPending}
      error={write.error}
      onConfirm={confirm}
      onClose={props.onClose}
    >
      <ChangeFacts {...props} effect={effect} quote={quote} />
    </ConfirmDialog>
  )
}
