// Customers, their payment methods and the setting up of new ones. Which method is the default, and
// what a tenant may do with it, is decided elsewhere.
import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import { refuse } from '../../core/refusal.ts'
import type { AttachOutcome, MethodFacts, Processor } from '../../ports/processor.ts'
import type { StripeConnection } from './connect.ts'
import {
  answeredWith,
  declineFacts,
  faultOf,
  isMissing,
  isStripeError,
  type StripeError,
} from './failures.ts'
import { pastKeptFailures } from './kept.ts'
import { fromStripeMethod, idOf, toStripeDetails } from './mapping.ts'
import { createSetup, isUnverified, setUpAccount, verifySetup } from './set-ups.ts'

type Methods = Pick<
  Processor,
  | 'createCustomer'
  | 'attachMethod'
  | 'verifyMethod'
  | 'updateMethod'
  | 'detachMethod'
  | 'createSetup'
>
type AttachRequest = Parameters<Processor['attachMethod']>[0]

/** Ids come from a browser: anything that is not one of Stripe's is unknown without asking. */
const methodIdShape = /^(pm|card|ba|src)_[A-Za-z0-9_]{1,200}$/

const missingMethod = 'payment_method_unusable'

function readMethod(connection: StripeConnection, id: string) {
  return connection.call('retrieve method', { object: 'payment_method', id }, stripe =>
    stripe.paymentMethods.retrieve(id),
  )
}

/** Stripe names the fields of a card without the card: `exp_year` of a year that is past. */
const fieldOfPayer = /^(billing_details|card)\[|^exp_(?:year|month)$/

/** Stripe points at a field that the payer filled in: an email or a country it does not take. */
function refuseField(error: StripeError): void {
  const field = fieldOfPayer.exec(error.param ?? '')
  if (!answeredWith(error, 400, 402) || !field) return
  const path = field[1] === 'billing_details' ? '/billingDetails' : '/expiry'
  refuse('invalid_request', {}, [{ path, message: error.message }])
}

async function changeMethod(
  connection: StripeConnection,
  id: string,
  changes: Stripe.PaymentMethodUpdateParams,
): Promise<Stripe.PaymentMethod> {
  try {
    return await connection.call('update method', { object: 'payment_method', id }, stripe =>
      stripe.paymentMethods.update(id, changes),
    )
  } catch (failure) {
    if (!isStripeError(failure)) throw failure
    refuseField(failure)
    throw faultOf('update method', failure)
  }
}

const unsupported = (type: string): AttachOutcome => ({
  outcome: 'declined',
  decline: {
    failureCode: 'payment_method_unsupported_type',
    declineCode: null,
    adviceCode: null,
    failureMessage: `Methods of type ${type} are not offered.`,
    requestLogUrl: null,
  },
})

async function attached(
  connection: StripeConnection,
  method: Stripe.PaymentMethod,
  request: AttachRequest,
): Promise<AttachOutcome> {
  const details = request.billingDetails
  if (!fromStripeMethod(method)) {
    await detach(connection, method.id)
    return unsupported(method.type)
  }
  const changed = details && Object.keys(details).length > 0
  const current = changed
    ? await changeMethod(connection, method.id, { billing_details: toStripeDetails(details) })
    : method
  if (current.us_bank_account) return setUpAccount(connection, request, current)
  const facts = fromStripeMethod(current)
  return facts ? { outcome: 'attached', method: facts, setup: null } : unsupported(current.type)
}

/**
 * Stripe says "attached already" and "may not be used again" in words without a code, so the method
 * itself is asked to whom it belongs.
 */
async function notAttached(
  connection: StripeConnection,
  request: AttachRequest,
  error: StripeError,
): Promise<AttachOutcome> {
  if (error.statusCode === 402) return { outcome: 'declined', decline: declineFacts(error) }
  if (isMissing(error) && error.param !== 'customer') return { outcome: 'unknown' }
  const malformed = error.code?.startsWith('parameter_') || error.rawType === 'idempotency_error'
  if (!answeredWith(error, 400) || malformed || error.param === 'customer')
    throw faultOf('attach method', error)
  // Again a test name gives a method with an id of its own.
  const method = await connection.call('retrieve method', { object: 'payment_method' }, stripe =>
    stripe.paymentMethods.retrieve(request.processorMethodId),
  )
  const owner = idOf(method.customer)
  if (owner === request.processorCustomerId) {
    return attached(connection, method, request)
  }
  if (owner !== null) return { outcome: 'attached_elsewhere' }
  if (isUnverified(method)) return setUpAccount(connection, request, method)
  const failureCode = error.code ?? missingMethod
  return { outcome: 'declined', decline: { ...declineFacts(error), failureCode } }
}

async function attach(
  connection: StripeConnection,
  request: AttachRequest,
): Promise<AttachOutcome> {
  const { processorMethodId: id, processorCustomerId: customer } = request
  if (!methodIdShape.test(id)) return { outcome: 'unknown' }
  const idempotencyKey = `attach_${request.key}`
  let method: Stripe.PaymentMethod
  try {
    // Test names stand for a card and give a method with an id of its own: the answer counts.
    method = await connection.call('attach method', { object: 'payment_method' }, stripe =>
      stripe.paymentMethods.attach(id, { customer }, { idempotencyKey }),
    )
  } catch (failure) {
    if (!isStripeError(failure)) throw failure
    return notAttached(connection, request, failure)
  }
  return attached(connection, method, request)
}

async function detach(connection: StripeConnection, id: string): Promise<void> {
  try {
    await connection.call('detach method', { object: 'payment_method', id }, stripe =>
      stripe.paymentMethods.detach(id),
    )
  } catch (failure) {
    if (isMissing(failure)) return
    if (!isStripeError(failure)) throw failure
    if (!answeredWith(failure, 400)) throw faultOf('detach method', failure)
    const method = await readMethod(connection, id)
    if (method.customer !== null) throw faultOf('detach method', failure)
  }
}

/**
 * The key repeats a customer's creation without making a second one. It covers what is sent,
 * because Stripe refuses a key that comes back with another name or address.
 */
function customerKey(request: Parameters<Processor['createCustomer']>[0]): string {
  const sent = JSON.stringify([request.tenantId, request.name, request.email])
  const digest = createHash('sha256').update(sent).digest('hex').slice(0, 16)
  return `customer_${request.customerId}_${digest}`
}

async function createCustomer(
  connection: StripeConnection,
  request: Parameters<Processor['createCustomer']>[0],
): Promise<string> {
  const params = {
    ...(request.name !== null && { name: request.name }),
    ...(request.email !== null && { email: request.email }),
    metadata: { tenant_id: request.tenantId, customer_id: request.customerId },
  }
  const make = async (idempotencyKey: string) => {
    const customer = await connection.call('create customer', { object: 'customer' }, stripe =>
      stripe.customers.create(params, { idempotencyKey }),
    )
    return customer.id
  }
  // A customer that was made all the same has nothing yet, and stays behind.
  return pastKeptFailures(customerKey(request), make, async () => null)
}

/** A failure of these calls is a fault: there is no outcome that the payer could change. */
async function faultless<Result>(operation: string, call: Promise<Result>): Promise<Result> {
  try {
    return await call
  } catch (failure) {
    throw isStripeError(failure) ? faultOf(operation, failure) : failure
  }
}

function factsOf(method: Stripe.PaymentMethod): MethodFacts {
  const facts = fromStripeMethod(method)
  if (!facts) throw new Error(`method ${method.id} has the type ${method.type}`)
  return facts
}

/** The customers and methods of the processor. */
export function stripeMethods(connection: StripeConnection): Methods {
  return {
    createCustomer: request => faultless('create customer', createCustomer(connection, request)),
    attachMethod: request => faultless('attach method', attach(connection, request)),
    async updateMethod({ processorMethodId, billingDetails, expiry }) {
      const changes: Stripe.PaymentMethodUpdateParams = {
        ...(billingDetails && { billing_details: toStripeDetails(billingDetails) }),
        ...(expiry && { card: { exp_month: expiry.month, exp_year: expiry.year } }),
      }
      const method =
        Object.keys(changes).length > 0
          ? await changeMethod(connection, processorMethodId, changes)
          : await faultless('retrieve method', readMethod(connection, processorMethodId))
      return factsOf(method)
    },
    detachMethod: id => faultless('detach method', detach(connection, id)),
    verifyMethod: (id, answer) => faultless('verify account', verifySetup(connection, id, answer)),
    createSetup: request => faultless('create setup', createSetup(connection, request)),
  }
}
