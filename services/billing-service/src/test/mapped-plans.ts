// Plans whose monthly price Stripe Billing knows as well, for tests of mirrored subscriptions.
import Stripe from 'stripe'
import type { World } from './world.ts'

const sold = [
  { code: 'basic', amount: 20 },
  { code: 'plus', amount: 50 },
]

/** Makes `basic` (20.00) and `plus` (50.00) at Stripe and here; their yearly prices are mapped to nothing. */
export async function mapPlans(
  world: World,
): Promise<{ readonly stripe: Stripe; readonly prices: Readonly<Record<string, string>> }> {
  const stripe = new Stripe(world.sandbox.secretKey, {
    host: '127.0.0.1',
    port: world.sandbox.port,
    protocol: 'http',
    telemetry: false,
  })
  const prices: Record<string, string> = {}
  for (const { code, amount } of sold) {
    const price = await stripe.prices.create({
      currency: 'usd',
      unit_amount: amount * 100,
      recurring: { interval: 'month' },
      product_data: { name: code },
      nickname: code,
    })
    prices[code] = price.id
  }
  const plans = sold.map(({ code, amount }) => ({
    code,
    name: code,
    family: 'mirrored',
    prices: [
      { currency: 'USD', billingCycle: 'monthly', amount, stripePriceId: prices[code] },
      { currency: 'USD', billingCycle: 'yearly', amount: amount * 10 },
    ],
  }))
  const pushed = await world.call('POST', '/plans', { as: world.operator(), body: { plans } })
  if (pushed.status !== 200) throw new Error(`plans were refused: ${JSON.stringify(pushed.body)}`)
  return { stripe, prices }
}
