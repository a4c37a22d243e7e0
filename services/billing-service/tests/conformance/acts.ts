// What the entries of the run do again and again with the SDK: customers, methods, payments.
import type Stripe from 'stripe'
import type { Ground } from './ground.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
export const returnUrl = 'https://example.com/back'
const consent = { customer_acceptance: { type: 'offline' } } as const

export const newCustomer = async ({ stripe }: Ground): Promise<string> =>
  (await stripe.customers.create({ email: 'payer@example.com' })).id

/** A new method of a raw card number, as a page of the processor would make it. */
export const cardNumbered = async ({ stripe }: Ground, number: string): Promise<string> => {
  const card = { number, exp_month: 12, exp_year: 2040, cvc: '314' }
  return (await stripe.paymentMethods.create({ type: 'card', card })).id
}

export const accountNumbered = async ({ stripe }: Ground, number: string): Promise<string> => {
  const account = {
    account_number: number,
    routing_number: '110000000',
    account_holder_type: 'individual',
  } as const
  const method = await stripe.paymentMethods.create({
    type: 'us_bank_account',
    us_bank_account: account,
    billing_details: { name: 'Li Wei' },
  })
  return method.id
}

/** A new customer with the method attached; `method` may be a test name or an id. */
export async function payerWith(ground: Ground, method: string) {
  const customer = await newCustomer(ground)
  const attached = await ground.stripe.paymentMethods.attach(method, { customer })
  return { customer, payment_method: attached.id }
}

type Params = Partial<Stripe.PaymentIntentCreateParams>

const charge = { amount: 4_900, currency: 'usd', confirm: true } as const

export const payOffSession = ({ stripe }: Ground, payer: Params) =>
  stripe.paymentIntents.create({
    ...charge,
    ...payer,
    off_session: true,
    expand: ['latest_charge.balance_transaction'],
  })

export const payOnSession = ({ stripe }: Ground, payer: Params) =>
  stripe.paymentIntents.create({ ...charge, ...payer, return_url: returnUrl })

export const debit = ({ stripe }: Ground, payer: Params) =>
  stripe.paymentIntents.create({
    ...charge,
    ...payer,
    allowed_payment_method_types: ['us_bank_account'],
    mandate_data: consent,
  })

export const intentOf = ({ stripe }: Ground, id: string) =>
  stripe.paymentIntents.retrieve(id, { expand: ['latest_charge.balance_transaction'] })

export const chargeOf = (intent: Stripe.PaymentIntent) => intent.latest_charge as Stripe.Charge

/** A payment that has succeeded, by the test name of its card. */
export async function paid(ground: Ground, card = 'pm_card_visa') {
  const intent = await payOffSession(ground, await payerWith(ground, card))
  return { intent: intent.id, charge: chargeOf(intent).id }
}

/** A set-up of an unverified account, waiting for its micro-deposits. */
export async function waitingSetup(ground: Ground) {
  return ground.stripe.setupIntents.create({
    customer: await newCustomer(ground),
    payment_method: await accountNumbered(ground, '000123456789'),
    allowed_payment_method_types: ['us_bank_account'],
    confirm: true,
    mandate_data: consent,
  })
}

/** What the customer does on the page of the bank. */
export const answerChallenge = ({ steer }: Ground, id: string, outcome: 'complete' | 'fail') =>
  steer(`authenticate/${id}`, { outcome })
