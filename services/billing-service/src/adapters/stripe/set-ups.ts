// Set-up intents: they prepare a method for later charges and, for a bank account, hold its mandate
// and the verification that it waits for.
import type Stripe from 'stripe'
import type {
  Acceptance,
  AttachOutcome,
  MethodSetup,
  Processor,
  ProcessorObject,
  VerificationAnswer,
  VerifyOutcome,
} from '../../ports/processor.ts'
import type { StripeConnection } from './connect.ts'
import {
  answeredWith,
  chargeRefusalCode,
  declineFacts,
  isStripeError,
  type StripeError,
} from './failures.ts'
import { fromStripeMethod, toStripeType } from './mapping.ts'

type SetupRequest = Parameters<Processor['createSetup']>[0]

/** Deposits can be answered for ten days (docs.stripe.com/payments/ach-direct-debit). */
const answerableSeconds = 10 * 86_400

function setupParams(request: SetupRequest): Stripe.SetupIntentCreateParams {
  const account = request.type === 'bank_account'
  return {
    customer: request.processorCustomerId,
    usage: 'off_session',
    allowed_payment_method_types: [toStripeType(request.type)],
    metadata: { tenant_id: request.tenantId },
    ...(account && {
      payment_method_options: {
        us_bank_account: {
          verification_method: request.verification,
          financial_connections: { permissions: ['payment_method'] },
        },
      },
    }),
  }
}

/** Prepares the form into which the payer types a number. */
export async function createSetup(
  connection: StripeConnection,
  request: SetupRequest,
): Promise<{ id: string; clientSecret: string }> {
  const setup = await connection.call('create setup', { object: 'setup_intent' }, stripe =>
    stripe.setupIntents.create(setupParams(request), { idempotencyKey: `setup_${request.key}` }),
  )
  if (setup.client_secret === null) throw new Error(`setup ${setup.id} has no client secret`)
  return { id: setup.id, clientSecret: setup.client_secret }
}

function toSetup(setup: Stripe.SetupIntent): MethodSetup {
  const waits = setup.next_action?.verify_with_microdeposits
  if (!waits) return { id: setup.id, pending: null }
  return {
    id: setup.id,
    pending: {
      kind: waits.microdeposit_type === 'amounts' ? 'amounts' : 'descriptor_code',
      arrivesAt: waits.arrival_date * 1_000,
      expiresAt: (setup.created + answerableSeconds) * 1_000,
      hostedUrl: waits.hosted_verification_url,
    },
  }
}

/** The newest set-up of a method that gave a mandate, or waits for its verification. */
async function earlierSetup(
  connection: StripeConnection,
  methodId: string,
): Promise<Stripe.SetupIntent | null> {
  const list = await connection.call('list setups', { object: 'list' }, stripe =>
    stripe.setupIntents.list({ payment_method: methodId, limit: 10 }),
  )
  const useful = ['succeeded', 'requires_action', 'processing']
  return list.data.find(setup => useful.includes(setup.status)) ?? null
}

function toAcceptance({ acceptedAt, ipAddress, userAgent }: Acceptance) {
  const online = ipAddress !== null && userAgent !== null
  return online
    ? { type: 'online' as const, online: { ip_address: ipAddress, user_agent: userAgent } }
    : { type: 'offline' as const, offline: {}, accepted_at: Math.floor(acceptedAt / 1_000) }
}

interface AccountRequest {
  readonly key: string
  readonly processorCustomerId: string
  readonly acceptance: Acceptance | null
}

async function newSetup(
  connection: StripeConnection,
  request: AccountRequest & { readonly acceptance: Acceptance },
  method: Stripe.PaymentMethod,
): Promise<Stripe.SetupIntent> {
  return connection.call('set account up', { object: 'setup_intent' }, stripe =>
    stripe.setupIntents.create(
      {
        customer: request.processorCustomerId,
        payment_method: method.id,
        confirm: true,
        usage: 'off_session',
        allowed_payment_method_types: ['us_bank_account'],
        mandate_data: { customer_acceptance: toAcceptance(request.acceptance) },
      },
      { idempotencyKey: `mandate_${request.key}` },
    ),
  )
}

/**
 * Gives a bank account its mandate, unless an earlier set-up did: it is then kept, or waits for its
 * deposits. What Stripe refuses about the account itself is a decline.
 */
export async function setUpAccount(
  connection: StripeConnection,
  request: AccountRequest,
  method: Stripe.PaymentMethod,
): Promise<AttachOutcome> {
  const earlier = await earlierSetup(connection, method.id)
  const { acceptance } = request
  if (earlier === null && acceptance === null) return kept(method, null)
  try {
    const setup =
      earlier ?? (await newSetup(connection, { ...request, acceptance: acceptance! }, method))
    if (setup.last_setup_error && setup.status === 'requires_payment_method') {
      return { outcome: 'declined', decline: declineFacts(setup.last_setup_error) }
    }
    const current = await connection.call(
      'retrieve method',
      { object: 'payment_method', id: method.id },
      stripe => stripe.paymentMethods.retrieve(method.id),
    )
    return kept(current, toSetup(setup))
  } catch (failure) {
    const refused = answeredWith(failure, 402) || (isStripeError(failure) && isAbout(failure))
    if (!refused) throw failure
    return { outcome: 'declined', decline: declineFacts(failure) }
  }
}

/** Whether Stripe's 400 speaks of the account, not of our request. */
const isAbout = (failure: StripeError): boolean =>
  failure.statusCode === 400 && chargeRefusalCode(failure) !== null

function kept(method: Stripe.PaymentMethod, setup: MethodSetup | null): AttachOutcome {
  const facts = fromStripeMethod(method)
  if (!facts) throw new Error(`method ${method.id} has the type ${method.type}`)
  return { outcome: 'attached', method: facts, setup }
}

const mismatches = new Set([
  'payment_method_microdeposit_verification_amounts_mismatch',
  'payment_method_microdeposit_verification_descriptor_code_mismatch',
  'payment_method_microdeposit_verification_amounts_invalid',
])

const over = new Set([
  'payment_method_microdeposit_verification_attempts_exceeded',
  'payment_method_microdeposit_verification_timeout',
  'payment_method_microdeposit_failed',
  'setup_intent_unexpected_state',
])

/** Passes the payer's answer on. The account is verified once its set-up has succeeded. */
export async function verifySetup(
  connection: StripeConnection,
  setupId: string,
  answer: VerificationAnswer,
): Promise<VerifyOutcome> {
  const params =
    'amounts' in answer
      ? { amounts: [...answer.amounts] }
      : { descriptor_code: answer.descriptorCode }
  try {
    // Stripe counts tries; a repeated call would be a second try, so it gets no key of its own.
    await connection.call('verify account', { object: 'setup_intent', id: setupId }, stripe =>
      stripe.setupIntents.verifyMicrodeposits(setupId, params),
    )
  } catch (failure) {
    if (!answeredWith(failure, 400, 402)) throw failure
    const code = failure.code ?? ''
    if (mismatches.has(code)) return { outcome: 'mismatch' }
    if (code === 'payment_method_bank_account_already_verified' || over.has(code)) {
      return outcomeOf(connection, setupId, code)
    }
    throw failure
  }
  return outcomeOf(connection, setupId, null)
}

/** What became of the set-up: another tab, or the hosted page, may have answered meanwhile. */
async function outcomeOf(
  connection: StripeConnection,
  setupId: string,
  failureCode: string | null,
): Promise<VerifyOutcome> {
  const setup = await retrieveSetup(connection, setupId)
  const method = setup.payment_method
  const facts = method !== null && typeof method === 'object' ? fromStripeMethod(method) : null
  return setup.status === 'succeeded' && facts !== null
    ? { outcome: 'verified', method: facts }
    : { outcome: 'failed', failureCode }
}

const retrieveSetup = (connection: StripeConnection, id: string) =>
  connection.call('retrieve setup', { object: 'setup_intent', id }, stripe =>
    stripe.setupIntents.retrieve(id, { expand: ['payment_method'] }),
  )

/** The method of a set-up; after a failed verification Stripe names it in the error alone. */
export async function readSetup(
  connection: StripeConnection,
  id: string,
): Promise<ProcessorObject> {
  const setup = await retrieveSetup(connection, id)
  const failed = setup.status === 'requires_payment_method' || setup.status === 'canceled'
  const named = setup.payment_method ?? (failed ? setup.last_setup_error?.payment_method : null)
  const method = named && typeof named === 'object' ? named : null
  const facts = method === null ? null : fromStripeMethod(method)
  if (method === null || facts === null) return { kind: 'other' }
  return { kind: 'method', facts, attached: method.customer !== null, setupFailed: failed }
}

/** Whether Stripe turned an attachment down because the account is not verified yet. */
export const isUnverified = (method: Stripe.PaymentMethod): boolean =>
  method.us_bank_account !== undefined && method.customer === null
