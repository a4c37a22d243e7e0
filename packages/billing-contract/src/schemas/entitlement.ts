// What a tenant may use, on the wire.
import { type Static, Type } from 'typebox'
import { Nullable, Time } from './values.ts'

const strict = { additionalProperties: false } as const
const name = Type.String({ minLength: 1, maxLength: 64 })

export const EntitlementCheck = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.String({
    description:
      'granted | overage | grace | no_subscription | not_included | quota_exhausted, or the status that denies it: past_due | unpaid | paused | incomplete',
  }),
  until: Nullable(Time),
  subscriptionId: Nullable(Type.String()),
  plan: Nullable(Type.String()),
  included: Nullable(Type.Number({ description: 'Null: unlimited, or nothing to count' })),
  used: Nullable(Type.Number()),
  remaining: Nullable(Type.Number()),
})

export const EntitlementQuestion = Type.Object(
  {
    feature: Type.Optional(name),
    metric: Type.Optional(name),
    limit: Type.Optional(name),
    quantity: Type.Optional(
      Type.Union([Type.Number({ minimum: 0 }), Type.String({ maxLength: 30 })], {
        description: 'So many more units of a metric, or so many in all of a limit; default 1',
      }),
    ),
  },
  { ...strict, description: 'Exactly one of feature, metric and limit' },
)

export const Entitlements = Type.Object({
  tenantId: Type.String(),
  subscriptions: Type.Array(
    Type.Object({
      subscriptionId: Type.String(),
      plan: Type.String(),
      family: Type.String(),
      status: Type.String(),
      quantity: Type.Integer(),
      allowed: Type.Boolean(),
      reason: Type.String(),
      until: Nullable(Time),
      currentPeriodEnd: Time,
    }),
  ),
  features: Type.Array(Type.String()),
  limits: Type.Record(Type.String(), Nullable(Type.Integer())),
  metrics: Type.Record(Type.String(), EntitlementCheck),
})

export type CheckWire = Static<typeof EntitlementCheck>
export type EntitlementsWire = Static<typeof Entitlements>
