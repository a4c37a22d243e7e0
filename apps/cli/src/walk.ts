// The walk: a tenant's life against a running product, through the client that everybody uses. Each step
// prints what it saw; the first wrong answer ends it.
import { writeFileSync } from 'node:fs'
import { type BillingClient, paginate } from '@quittance/billing-client/client'
import { BillingError } from '@quittance/billing-client/error'
import type { SubscriptionWire } from '@quittance/billing-contract/schemas/subscription'
import type { TransactionWire } from '@quittance/billing-contract/schemas/transaction'
import { Problem, type Run } from './command.ts'
import { newcomerId } from './demo.ts'
import { gatewayUrl, signIn } from './demo-client.ts'
import { bold, say } from './terminal.ts'

interface Walker {
  readonly admin: BillingClient
  readonly operator: BillingClient
  readonly service: BillingClient
  readonly tenantId: string
}

/** What a step saw, in a few words. */
type Sight = string

/** Ends the walk unless the answer is as it must be. */
function expect(holds: boolean, wanted: string, saw: unknown): void {
  if (!holds) throw new Problem(`expected ${wanted}, saw ${JSON.stringify(saw)}`)
}

async function refusal(call: Promise<unknown>): Promise<BillingError> {
  const error = await call.then(
    value => new Problem(`expected a refusal, saw ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (error instanceof BillingError) return error
  throw error
}

const step = (() => {
  let count = 0
  return async (says: string, work: () => Promise<Sight>): Promise<void> => {
    count += 1
    const label = `${String(count).padStart(2)}  ${says.padEnd(46)}`
    try {
      say(`${label} ${await work()}`)
    } catch (error) {
      say(`${label} ${bold('WRONG')}`)
      const reason =
        error instanceof BillingError
          ? `${error.status} ${error.code}: ${error.detail}`
          : error instanceof Error
            ? error.message
            : String(error)
      throw new Problem(`Step ${count} (${says}) went wrong: ${reason.replace(/\.$/, '')}.`, {
        cause: error,
      })
    }
  }
})()

async function everyItem<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

async function paymentsOf(walker: Walker, invoiceId: string): Promise<TransactionWire[]> {
  const query = { type: 'payment', invoiceId } as const
  return await everyItem(paginate(walker.admin.listTransactions, query))
}

async function subscribe(walker: Walker): Promise<SubscriptionWire> {
  const { admin } = walker
  let made: SubscriptionWire | undefined
  await step('plans on offer', async () => {
    const { data } = await admin.listPlans()
    const codes = data.map(plan => plan.code)
    const wanted = ['free', 'starter', 'professional', 'enterprise']
    expect(
      wanted.every(code => codes.includes(code)),
      wanted.join(', '),
      codes,
    )
    return codes.join(', ')
  })
  await step('subscribe to professional, monthly, no trial', async () => {
    made = await admin.createSubscription({
      plan: 'professional',
      billingCycle: 'monthly',
      paymentMethodId: 'pm_card_visa',
      trialDays: 0,
    })
    expect(made.status === 'active', 'status active', made.status)
    return `${made.id} ${made.status}, until ${made.currentPeriodEnd.slice(0, 10)}`
  })
  if (made === undefined) throw new Problem('There is no subscription to go on with.')
  return made
}

async function payAndRead(
  walker: Walker,
  subscription: SubscriptionWire,
  keepAs: string | undefined,
): Promise<void> {
  const { admin } = walker
  const invoiceId = subscription.latestInvoiceId ?? ''
  await step('its invoice is paid', async () => {
    const invoice = await admin.getInvoice(invoiceId)
    const { status, total, amountPaid, amountDue, currency } = invoice
    expect(status === 'paid', 'an invoice that is paid', status)
    expect(total === 99 && amountPaid === 99 && amountDue === 0, 'a total of 99, paid', invoice)
    return `${invoice.invoiceNumber} ${status}, ${total.toFixed(2)} ${currency}`
  })
  await step('1,000 messages of usage', async () => {
    const usage = { metric: 'messages', quantity: 1000 }
    const { total } = await walker.service.recordUsage(subscription.id, usage)
    expect(total === 1000, 'a total of 1000', total)
    const { metrics } = await admin.getUsage(subscription.id)
    expect(metrics.messages?.quantity === 1000, '1000 messages read back', metrics)
    return `${total} of ${metrics.messages?.included ?? 'unlimited'} included`
  })
  await step('upgrade to enterprise, prorated', async () => {
    const changed = await admin.updateSubscription(subscription.id, { plan: 'enterprise' })
    expect(changed.plan === 'enterprise', 'plan enterprise', changed.plan)
    expect(changed.latestInvoiceId !== invoiceId, 'an invoice of its own', changed.latestInvoiceId)
    const invoice = await admin.getInvoice(changed.latestInvoiceId ?? '')
    expect(invoice.status === 'paid', 'a paid invoice', invoice.status)
    expect(invoice.total > 0 && invoice.total <= 200, 'at most the difference of 200', invoice)
    return `${invoice.invoiceNumber} paid, ${invoice.total.toFixed(2)} ${invoice.currency}`
  })
  await step('the first invoice as PDF', async () => {
    const pdf = await admin.getInvoicePdf(invoiceId, { lang: 'en' })
    const head = new TextDecoder('latin1').decode(pdf.subarray(0, 5))
    expect(head === '%PDF-', 'a file that begins with %PDF-', head)
    if (keepAs !== undefined) writeFileSync(keepAs, pdf)
    return `${pdf.byteLength} bytes, ${head}`
  })
}

async function refundAndSum(walker: Walker, subscription: SubscriptionWire): Promise<void> {
  const { admin, operator } = walker
  const [payment] = await paymentsOf(walker, subscription.latestInvoiceId ?? '')
  await step('refund of 50.00 by the issuer', async () => {
    expect(payment?.amount === 99, 'a payment of 99', payment)
    const refund = await operator.createRefund(payment?.id ?? '', {
      amount: 50,
      reason: 'Goodwill',
    })
    expect(refund.type === 'refund' && refund.amount === 50, 'a refund of 50', refund)
    const { amountRefunded } = await admin.getTransaction(payment?.id ?? '')
    expect(amountRefunded === 50, '50 refunded of the payment', amountRefunded)
    return `${refund.id} ${refund.status}, ${refund.amount.toFixed(2)} ${refund.currency}`
  })
  await step('a second refund of 50.00 is too much', async () => {
    const error = await refusal(operator.createRefund(payment?.id ?? '', { amount: 50 }))
    expect(error.status === 409, '409', error.status)
    expect(error.code === 'refund_exceeds_payment', 'refund_exceeds_payment', error.code)
    return `409 ${error.code}`
  })
  await step('sums of this month', async () => {
    const { currencies } = await admin.getSummary('month')
    const dollars = currencies.find(each => each.currency === 'USD')
    expect(dollars?.refunds === 50 && dollars.counts.payments === 2, '2 payments, 50 back', dollars)
    return `${dollars?.payments.toFixed(2)} paid, ${dollars?.refunds.toFixed(2)} refunded`
  })
  await step('all transactions as CSV', async () => {
    const csv = await (await admin.exportTransactions('csv')).text()
    const lines = csv.trimEnd().split(/\r?\n/)
    expect(lines.length === 4, 'a head and 3 rows', lines)
    expect(csv.includes(payment?.id ?? ' '), 'the payment among them', lines)
    return `${lines.length - 1} rows`
  })
}

async function cancelAndReturn(walker: Walker, subscription: SubscriptionWire): Promise<void> {
  const { admin } = walker
  await step('cancel at the end of the period', async () => {
    const ending = await admin.cancelSubscription(subscription.id, { when: 'period_end' })
    expect(ending.cancelAtPeriodEnd && ending.status === 'active', 'active until then', ending)
    return `${ending.status} until ${ending.currentPeriodEnd.slice(0, 10)}`
  })
  await step('reactivate', async () => {
    const back = await admin.reactivateSubscription(subscription.id)
    expect(!back.cancelAtPeriodEnd && back.status === 'active', 'no end any more', back)
    return `${back.status}, renews ${back.currentPeriodEnd.slice(0, 10)}`
  })
}

async function declines(url: string): Promise<void> {
  await step('a card that fails when charged: incomplete', async () => {
    const { client } = await signIn(url, newcomerId)
    const made = await client.createSubscription({
      plan: 'starter',
      paymentMethodId: 'pm_card_chargeCustomerFail',
      trialDays: 0,
    })
    expect(made.status === 'incomplete', 'status incomplete', made.status)
    expect(typeof made.payment?.declineCode === 'string', 'a decline code', made.payment)
    return `201 ${made.status}, ${made.payment?.declineCode}`
  })
  await step('a card that cannot be attached: nothing made', async () => {
    const { client } = await signIn(url, newcomerId)
    const error = await refusal(
      client.createSubscription({
        plan: 'starter',
        paymentMethodId: 'pm_card_chargeDeclined',
        trialDays: 0,
      }),
    )
    expect(error.status === 402, '402', error.status)
    expect(error.code === 'payment_declined', 'payment_declined', error.code)
    const { data } = await client.listSubscriptions()
    expect(data.length === 0, 'no subscription', data)
    return `402 ${error.code}, ${error.declineCode}`
  })
}

async function strangerSees(url: string, subscription: SubscriptionWire): Promise<void> {
  await step('another tenant sees nothing of it', async () => {
    const { client } = await signIn(url, newcomerId)
    const calls = [
      client.getSubscription(subscription.id),
      client.getInvoice(subscription.latestInvoiceId ?? ''),
      client.getInvoicePdf(subscription.latestInvoiceId ?? ''),
      client.cancelSubscription(subscription.id),
    ]
    const errors = await Promise.all(calls.map(refusal))
    const statuses = errors.map(error => error.status)
    expect(
      statuses.every(status => status === 404),
      '404 each time',
      statuses,
    )
    const { data } = await client.listTransactions()
    expect(data.length === 0, 'no transactions', data)
    return `${statuses.join(', ')} and empty lists`
  })
}

async function signEverybodyIn(url: string): Promise<Walker> {
  let walker: Walker | undefined
  await step('sign in: tenant admin, operator, platform', async () => {
    const { client: admin, tenantId } = await signIn(url, newcomerId)
    if (tenantId === null) throw new Problem('expected a tenant of its own in the token')
    const { client: operator } = await signIn(url, 'operator', tenantId)
    const { client: service } = await signIn(url, 'service', tenantId)
    walker = { admin, operator, service, tenantId }
    return `new tenant ${tenantId}`
  })
  if (walker === undefined) throw new Problem('Nobody is signed in.')
  return walker
}

/** Walks a new tenant through the product at an address. Throws a `Problem` at the first wrong answer. */
export async function walk(url: string, keepInvoiceAs?: string): Promise<void> {
  const walker = await signEverybodyIn(url)
  const subscription = await subscribe(walker)
  await payAndRead(walker, subscription, keepInvoiceAs)
  await refundAndSum(walker, subscription)
  await cancelAndReturn(walker, subscription)
  await declines(url)
  await strangerSees(url, subscription)
}

export const runWalk: Run = async ({ text, env }) => {
  const url = gatewayUrl(text('url'), env.GATEWAY_PORT)
  const began = performance.now()
  say(`Walking through ${url}`)
  await walk(url, text('invoice'))
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  say(bold(`Every answer was right (${seconds} s).`))
  return 0
}
