// Differences between our records and Stripe's, what a sync read, and the certificate of a month.
import { type Static, Type } from 'typebox'
import { Amount, Currency, Nullable, Time } from './values.ts'

const difference = {
  objectType: Type.String({ description: 'payment | refund | dispute | subscription' }),
  stripeId: Type.String(),
  tenantId: Nullable(Type.String()),
  objectId: Nullable(Type.String({ description: 'Our record; null where there is none' })),
  field: Type.String({
    description:
      'missing_here | missing_there | status | amount | currency | fee | net | held | plan | quantity | period_end | cancels_at_period_end',
  }),
  ours: Nullable(Type.String({ description: 'Amounts in minor units' })),
  theirs: Nullable(Type.String()),
  moneyAtStake: Amount,
  currency: Currency,
}

export const Drift = Type.Object({
  id: Type.String(),
  ...difference,
  status: Type.String({ description: 'open | resolved | vanished' }),
  resolution: Nullable(Type.String({ description: 'take_theirs | push_ours | explain' })),
  note: Nullable(Type.String()),
  resolvedBy: Nullable(Type.String()),
  resolvedAt: Nullable(Time),
  detectedAt: Time,
  lastSeenAt: Time,
})

export const SyncReport = Type.Object({
  tenantId: Type.String(),
  payments: Type.Integer(),
  refunds: Type.Integer(),
  disputes: Type.Integer(),
  methods: Type.Integer(),
  ignored: Type.Integer({ description: 'Objects that named nothing of ours' }),
})

const side = Type.Object({ count: Type.Integer(), sum: Amount })

export const Certificate = Type.Object({
  period: Type.String(),
  from: Time,
  to: Time,
  agrees: Type.Boolean({ description: 'Both sides are equal in every count and sum' }),
  totals: Type.Array(
    Type.Object({
      kind: Type.String({
        description: 'payments | fees | refunds | disputes | dispute_fees | payouts',
      }),
      currency: Currency,
      ours: side,
      stripe: side,
      difference: Amount,
    }),
  ),
  differences: Type.Array(Type.Object(difference), { description: 'At most 1,000' }),
  differenceCount: Type.Integer(),
  foreignCount: Type.Integer({ description: 'Objects of the account that name nothing of ours' }),
  events: Type.Object({
    delivered: Type.Integer(),
    found: Type.Integer({ description: 'Not delivered, found by the back-fill' }),
    dead: Type.Integer(),
  }),
  issuedAt: Time,
  issuedBy: Type.String(),
})

export type DriftWire = Static<typeof Drift>
export type DifferenceWire = Static<typeof Certificate>['differences'][number]
export type CertificateWire = Static<typeof Certificate>
