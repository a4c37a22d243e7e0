// Usage of a period, and single events.
import { type Static, Type } from 'typebox'
import { Amount, Currency, Nullable, Time } from './values.ts'

export const SubscriptionUsage = Type.Object({
  subscriptionId: Type.String(),
  periodStart: Time,
  periodEnd: Time,
  currency: Currency,
  metrics: Type.Record(
    Type.String(),
    Type.Object({
      quantity: Type.Number(),
      included: Nullable(Type.Number()),
      overage: Type.Number(),
      model: Nullable(Type.String({ description: 'Price model of the overage' })),
      unitAmount: Nullable(Type.Number({ description: 'Null where units differ in price' })),
      amount: Amount,
      days: Type.Array(Type.Object({ day: Type.String(), quantity: Type.Number() })),
    }),
  ),
  amount: Amount,
})

export const UsageEvent = Type.Object({
  idempotencyKey: Type.String(),
  subscriptionId: Type.String(),
  metric: Type.String(),
  quantity: Type.Number({ description: 'What it added to the total; a correction may take off' }),
  corrects: Nullable(Type.String({ description: 'Key of the event that it puts right' })),
  timestamp: Time,
  periodStart: Time,
  late: Type.Boolean({ description: 'It came after its period was billed' }),
  recordedAt: Time,
})

export type SubscriptionUsageWire = Static<typeof SubscriptionUsage>
export type UsageEventWire = Static<typeof UsageEvent>
