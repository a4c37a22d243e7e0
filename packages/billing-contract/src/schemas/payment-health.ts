// How well payments go, as operators see it.
import { type Static, Type } from 'typebox'
import { Nullable, Time } from './values.ts'

const percent = Nullable(Type.Number({ description: 'Percent, such as 97.5; null of nothing' }))
const rate = {
  attempts: Type.Integer(),
  succeeded: Type.Integer(),
  failed: Type.Integer(),
  successRate: percent,
}
const Slice = Type.Object({ name: Type.String(), ...rate })
const alert = {
  name: Type.String({ description: 'failure_rate | refund_rate | dispute_rate' }),
  rate: Type.Number({ description: 'Percent' }),
  threshold: Type.Number({ description: 'Percent' }),
}

export const PaymentHealth = Type.Object({
  from: Time,
  to: Time,
  total: Type.Object(rate),
  byDay: Type.Array(Slice),
  byMethod: Type.Array(Slice),
  byBrand: Type.Array(Slice),
  byReason: Type.Array(
    Type.Object({
      code: Type.String(),
      kind: Type.String({ description: 'What dunning makes of it' }),
      count: Type.Integer(),
    }),
  ),
  refunds: Type.Object({ count: Type.Integer(), rate: percent }),
  disputes: Type.Object({ count: Type.Integer(), lost: Type.Integer(), rate: percent }),
  alerts: Type.Array(Type.Object(alert), {
    description: 'Rates over their thresholds in this span',
  }),
  told: Type.Array(Type.Object({ ...alert, at: Time }), {
    description: 'The last alerts that were sent as `monitor.alert`',
  }),
})

export type PaymentHealthWire = Static<typeof PaymentHealth>
