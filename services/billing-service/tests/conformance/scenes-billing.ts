// Events of hosted checkouts, and of the subscriptions and invoices that the processor itself runs.
import { failureOf } from '@quittance/stripe-sandbox/test-client'
import { press } from '@quittance/stripe-sandbox/test-steering'
import { dayMs } from './acts.ts'
import type { Ground } from './ground.ts'
import type { Scene } from './scenes.ts'

const openCheckout = ({ stripe }: Ground) =>
  stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'https://example.com/ok?session={CHECKOUT_SESSION_ID}',
    line_items: [
      {
        quantity: 2,
        price_data: { currency: 'usd', unit_amount: 1_500, product_data: { name: 'Top-up' } },
      },
    ],
    expand: ['line_items'],
  })

async function checkouts(ground: Ground): Promise<void> {
  const { sessions } = ground.stripe.checkout
  const byCard = await openCheckout(ground)
  await press(byCard.url ?? '', { method: 'card', number: '4242424242424242' })
  await sessions.retrieve(byCard.id, { expand: ['payment_intent.latest_charge'] })
  await sessions.listLineItems(byCard.id)
  for (const outcome of ['succeeded', 'bank_insufficient_funds']) {
    const { id, url } = await openCheckout(ground)
    await press(url ?? '', { method: 'us_bank_account' })
    const { payment_intent: intent } = await sessions.retrieve(id)
    await ground.steer('settle', { payment_intent: intent, outcome })
  }
  for (const method of ['alipay', 'wechat_pay', 'paypal']) {
    const { id, url } = await openCheckout(ground)
    await press(url ?? '', { method })
    await sessions.retrieve(id, { expand: ['payment_intent.payment_method'] })
  }
  await sessions.expire((await openCheckout(ground)).id)
  await openCheckout(ground)
  ground.sandbox.state.advance(2 * dayMs)
  await sessions.list({ limit: 3 })
}

async function catalogue({ stripe }: Ground): Promise<string> {
  const product = await stripe.products.create({ name: 'Gold' })
  await stripe.products.update(product.id, { description: 'All of it' })
  const price = await stripe.prices.create({
    product: product.id,
    unit_amount: 1_000,
    currency: 'usd',
    recurring: { interval: 'month' },
  })
  await stripe.prices.update(price.id, { nickname: 'monthly' })
  await stripe.prices.list({ product: product.id })
  const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'once' })
  await stripe.coupons.retrieve(coupon.id)
  await stripe.coupons.del(coupon.id)
  return price.id
}

interface Subscriber {
  readonly price: string
  readonly who: { customer: string; default_payment_method: string }
  to(day: string): Promise<unknown>
  end(): Promise<unknown>
}

/** A customer on a clock of their own, so that months pass for nobody else. */
async function subscriber(ground: Ground, card = 'pm_card_visa'): Promise<Subscriber> {
  const { stripe } = ground
  const { testClocks } = stripe.testHelpers
  const seconds = (day: string) => Date.parse(`${day}T01:00:00Z`) / 1_000
  const clock = await testClocks.create({ frozen_time: seconds('2027-01-10') })
  const customer = await stripe.customers.create({ test_clock: clock.id })
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id })
  return {
    price: await catalogue(ground),
    who: { customer: customer.id, default_payment_method: method.id },
    to: day => testClocks.advance(clock.id, { frozen_time: seconds(day) }),
    end: () => testClocks.del(clock.id),
  }
}

async function subscribed(ground: Ground): Promise<void> {
  const { stripe } = ground
  const { who, price, to, end } = await subscriber(ground)
  const started = await stripe.subscriptions.create({
    ...who,
    items: [{ price }],
    trial_period_days: 14,
    expand: ['latest_invoice.payments', 'default_payment_method'],
  })
  await to('2027-01-22')
  await to('2027-01-26')
  const item = started.items.data[0]?.id ?? ''
  await stripe.subscriptions.update(started.id, {
    items: [{ id: item, quantity: 3 }],
    proration_behavior: 'always_invoice',
  })
  const [invoice] = (await stripe.invoices.list({ subscription: started.id })).data
  const id = invoice?.id ?? ''
  await stripe.invoices.retrieve(id, { expand: ['payments', 'confirmation_secret'] })
  await stripe.invoices.listLineItems(id)
  await stripe.invoices.update(id, { metadata: { order: '7' } })
  for (const type of steered) await ground.steer('emit', { type, object: id })
  await stripe.subscriptions.cancel(started.id)
  await end()
}

/** Invoices that Stripe sends by mail are not imitated; their events are about any invoice. */
const steered = [
  'invoice.payment_attempt_required',
  'invoice.overdue',
  'invoice.overpaid',
  'invoice.will_be_due',
]

async function failingSubscriptions(ground: Ground): Promise<void> {
  const { stripe } = ground
  const { who, price, to, end } = await subscriber(ground)
  const items = [{ price }]
  const renewed = await stripe.subscriptions.create({ ...who, items })
  const failing = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
    customer: who.customer,
  })
  await stripe.subscriptions.update(renewed.id, { default_payment_method: failing.id })
  await to('2027-02-11')
  const [open] = (await stripe.invoices.list({ subscription: renewed.id })).data
  await failureOf(stripe.invoices.pay(open?.id ?? '', { payment_method: failing.id }))
  await stripe.invoices.pay(open?.id ?? '', { payment_method: who.default_payment_method })
  await stripe.invoicePayments.list({ invoice: open?.id ?? '' })
  await to('2027-03-11')
  const [unpaid] = (await stripe.invoices.list({ subscription: renewed.id })).data
  await stripe.invoices.markUncollectible(unpaid?.id ?? '')
  const { latest_invoice: parked } = await stripe.subscriptions.create({
    ...who,
    items,
    payment_behavior: 'default_incomplete',
  })
  await stripe.invoices.voidInvoice(String(parked))
  await end()
}

/** A card that is challenged leaves the first invoice waiting for the customer. */
async function challengedSubscription(ground: Ground): Promise<void> {
  const { who, price, end } = await subscriber(ground, 'pm_card_authenticationRequired')
  await ground.stripe.subscriptions.create({ ...who, items: [{ price }] })
  await end()
}

export const billingScenes: readonly Scene[] = [
  {
    title: 'checkouts are paid, paid late, not paid and let expire',
    events: [
      'checkout.session.completed',
      'checkout.session.async_payment_succeeded',
      'checkout.session.async_payment_failed',
      'checkout.session.expired',
    ],
    play: checkouts,
  },
  {
    title: 'a subscription is tried, paid, changed and ended',
    events: [
      'customer.subscription.created',
      'customer.subscription.updated',
      'customer.subscription.trial_will_end',
      'customer.subscription.deleted',
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice.updated',
      'invoice_payment.paid',
      ...steered,
    ],
    play: subscribed,
  },
  {
    title: 'a renewal fails, is paid by hand, and is given up',
    events: ['invoice.payment_failed', 'invoice.marked_uncollectible', 'invoice.voided'],
    play: failingSubscriptions,
  },
  {
    title: 'a subscription waits for its customer',
    events: ['invoice.payment_action_required'],
    play: challengedSubscription,
  },
]
