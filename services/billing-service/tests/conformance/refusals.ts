// Requests that are wrong on purpose. They go straight to the sandbox: a proxy that checks requests
// would rightly object to them, and they are no traffic of ours.
import { clientOf } from '@quittance/stripe-sandbox/test-client'
import type Stripe from 'stripe'
import type { Ground } from './ground.ts'

export interface WrongRequest {
  readonly says: string
  readonly status: number
  readonly code?: string
  send(ground: Ground): Promise<unknown>
}

type IntentParams = Stripe.PaymentIntentCreateParams
type SetupParams = Stripe.SetupIntentCreateParams
type SessionParams = Stripe.Checkout.SessionCreateParams

const gone = { status: 400, code: 'payment_method_types_no_longer_supported' }
const payment = { amount: 4_900, currency: 'usd' }
const types = { payment_method_types: ['card'] }

const intent = ({ direct }: Ground, params: object) =>
  direct.paymentIntents.create(params as IntentParams)

export const wrongRequests: readonly WrongRequest[] = [
  {
    says: 'payment_method_types of a payment intent',
    ...gone,
    send: ground => intent(ground, { ...payment, ...types }),
  },
  {
    says: 'payment_method_types of a set-up intent',
    ...gone,
    send: ({ direct }) => direct.setupIntents.create(types as SetupParams),
  },
  {
    says: 'payment_method_types of a checkout session',
    ...gone,
    send: ({ direct }) =>
      direct.checkout.sessions.create({ mode: 'payment', ...types } as SessionParams),
  },
  {
    says: 'a parameter that does not exist',
    status: 400,
    code: 'parameter_unknown',
    send: ground => intent(ground, { ...payment, colour: 'red' }),
  },
  {
    says: 'a payment without an amount',
    status: 400,
    code: 'parameter_missing',
    send: ground => intent(ground, { currency: 'usd' }),
  },
  {
    says: 'half a cent',
    status: 400,
    code: 'parameter_invalid_integer',
    send: ground => intent(ground, { ...payment, amount: '49.5' }),
  },
  {
    says: 'an address of the API that does not exist',
    status: 404,
    send: ({ direct }) => direct.rawRequest('GET', '/v1/payment_wishes'),
  },
  {
    says: 'a wrong key',
    status: 401,
    send: ({ sandbox }) =>
      clientOf({ port: sandbox.port, secretKey: 'sk_test_wrong' }).accounts.retrieveCurrent(),
  },
]
