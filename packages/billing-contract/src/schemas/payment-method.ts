// A payment method, and what a browser needs to add one.
import { type Static, Type } from 'typebox'
import { Address, Nullable, Time } from './values.ts'

export const PaymentMethod = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  customerId: Type.String(),
  type: Type.String(),
  card: Nullable(
    Type.Object({
      brand: Type.String(),
      last4: Type.String(),
      expMonth: Type.Integer(),
      expYear: Type.Integer(),
      funding: Nullable(Type.String()),
      country: Nullable(Type.String()),
    }),
  ),
  bankAccount: Nullable(
    Type.Object({
      bankName: Nullable(Type.String()),
      last4: Type.String(),
      accountType: Nullable(Type.String()),
    }),
  ),
  billingDetails: Type.Object({
    name: Nullable(Type.String()),
    email: Nullable(Type.String()),
    phone: Nullable(Type.String()),
    address: Nullable(Address),
  }),
  isDefault: Type.Boolean(),
  status: Type.String({
    description: 'active | pending_verification | verification_failed | expired | detached',
  }),
  verification: Nullable(
    Type.Object(
      {
        kind: Type.String({ description: 'descriptor_code | amounts: what was deposited' }),
        amountsLeft: Type.Integer({ description: 'Answers by amounts that are left, of 3' }),
        codesLeft: Type.Integer({ description: 'Answers by code that are left, of 10' }),
        arrivesAt: Nullable(Time),
        expiresAt: Time,
        hostedUrl: Nullable(Type.String()),
      },
      { description: 'What a bank account waits for; null for methods that need no verification' },
    ),
  ),
  stripePaymentMethodId: Nullable(Type.String()),
  createdAt: Time,
})

export const SetupIntent = Type.Object({
  id: Type.String(),
  clientSecret: Type.String(),
  publishableKey: Nullable(Type.String()),
  processor: Type.String({ description: 'sandbox | stripe' }),
})

export type PaymentMethodWire = Static<typeof PaymentMethod>
export type SetupIntentWire = Static<typeof SetupIntent>
