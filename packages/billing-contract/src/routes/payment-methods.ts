// Payment methods. Card and account numbers never pass through here: the browser gives them to the
// processor and we are told a name for them.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { PaymentMethod, SetupIntent } from '../schemas/payment-method.ts'
import { AddressInput, listOf, Nullable, partial, Time } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const details = partial({
  name: Nullable(Type.String({ maxLength: 200 })),
  email: Nullable(Type.String({ maxLength: 320 })),
  phone: Nullable(Type.String({ maxLength: 40 })),
  address: Nullable(AddressInput),
})

const one = <const P extends string>(path: P, summary: string) =>
  ({
    path,
    tag: 'Payment methods',
    summary,
    permission: 'payment-methods.manage',
    tenant: true,
    status: 200,
    reply: PaymentMethod,
  }) as const

export const paymentMethodRoutes = {
  listPaymentMethods: route({
    ...one('/payment-methods', 'The payment methods of a tenant, without detached ones'),
    method: 'GET',
    query: Type.Object(listQuery, strict),
    reply: listOf(PaymentMethod),
    refusals: ['invalid_cursor'],
  }),
  getPaymentMethod: route({
    ...one('/payment-methods/:id', 'One payment method'),
    method: 'GET',
    refusals: ['not_found'],
  }),
  addPaymentMethod: route({
    ...one('/payment-methods', 'Attach a method that the processor knows'),
    description:
      'A card or account that the customer has already stays one method: it is answered, with what is new. A bank account gets its mandate here, so show its text before; one that is not verified yet is pending_verification.',
    method: 'POST',
    body: Type.Object(
      {
        paymentMethodId: Type.String({ minLength: 4, maxLength: 128, pattern: '^pm_' }),
        setDefault: Type.Optional(Type.Boolean()),
        billingDetails: Type.Optional(details),
        customerId: Type.Optional(Type.String({ maxLength: 64 })),
        mandate: Type.Optional(
          Type.Object(
            {
              acceptedAt: Type.Optional(Time),
              ipAddress: Type.Optional(Type.String({ minLength: 2, maxLength: 45 })),
              userAgent: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
            },
            {
              ...strict,
              description:
                'Where the payer agreed to debits of a bank account; the request itself without it',
            },
          ),
        ),
      },
      strict,
    ),
    status: 201,
    refusals: ['payment_declined', 'payment_method_attached_elsewhere', 'not_found'],
  }),
  createSetupIntent: route({
    ...one('/payment-methods/setup-intent', 'Prepare the form that collects a method'),
    method: 'POST',
    body: Type.Object(
      {
        type: Type.Optional(Type.Union([Type.Literal('card'), Type.Literal('bank_account')])),
        verification: Type.Optional(
          Type.Union(
            [Type.Literal('automatic'), Type.Literal('instant'), Type.Literal('microdeposits')],
            { description: 'Of a bank account: by its bank at once, by deposits, or what works' },
          ),
        ),
        customerId: Type.Optional(Type.String({ maxLength: 64 })),
      },
      strict,
    ),
    reply: SetupIntent,
    refusals: ['unavailable'],
  }),
  verifyPaymentMethod: route({
    ...one('/payment-methods/:id/verify', 'Confirm a bank account by its microdeposits'),
    method: 'POST',
    body: Type.Object(
      {
        amounts: Type.Optional(
          Type.Array(Type.Integer({ minimum: 1, maximum: 99 }), {
            minItems: 2,
            maxItems: 2,
            description: 'The two deposits in cents, such as [32, 45]',
          }),
        ),
        descriptorCode: Type.Optional(
          Type.String({ pattern: '^[sS][mM][0-9A-Za-z]{4}$', description: 'Such as SM11AA' }),
        ),
      },
      { ...strict, minProperties: 1 },
    ),
    refusals: ['not_found', 'verification_mismatch', 'verification_closed'],
  }),
  updatePaymentMethod: route({
    ...one('/payment-methods/:id', 'Change billing details or the expiry date of a method'),
    method: 'PATCH',
    body: Type.Object(
      {
        billingDetails: Type.Optional(details),
        expMonth: Type.Optional(Type.Integer({ minimum: 1, maximum: 12 })),
        expYear: Type.Optional(Type.Integer({ minimum: 2000, maximum: 2100 })),
      },
      { ...strict, minProperties: 1 },
    ),
    refusals: ['not_found', 'payment_method_not_usable'],
  }),
  setDefaultPaymentMethod: route({
    ...one('/payment-methods/:id/default', 'Make it the method that pays by default'),
    method: 'POST',
    refusals: ['not_found', 'payment_method_not_usable'],
  }),
  removePaymentMethod: route({
    ...one('/payment-methods/:id', 'Detach it'),
    method: 'DELETE',
    status: 204,
    reply: null,
    refusals: ['not_found', 'payment_method_in_use'],
  }),
} as const
