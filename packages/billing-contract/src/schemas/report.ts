// Reports: what each of them counts, and its rows.
import { type Static, Type } from 'typebox'
import { Amount, BillingCycle, Currency, Nullable, Time } from './values.ts'

const ReportColumn = Type.Object({
  code: Type.String(),
  kind: Type.Union(
    [
      Type.Literal('text'),
      Type.Literal('money'),
      Type.Literal('integer'),
      Type.Literal('percent'),
      Type.Literal('decimal'),
      Type.Literal('instant'),
    ],
    { description: 'Amounts are in the currency that the row names in `currency`' },
  ),
  label: Type.String(),
  total: Type.Boolean({ description: 'Whether `totals` adds it up for each currency' }),
  names: Type.Record(Type.String(), Type.String(), {
    description: 'What the codes in a text column mean',
  }),
})

const definition = {
  code: Type.String(),
  title: Type.String(),
  definition: Type.String({ description: 'What is counted, and when, in a sentence' }),
  scope: Type.Union([Type.Literal('tenant'), Type.Literal('issuer')], {
    description: '`tenant`: also for one tenant; `issuer`: for the issuer alone',
  }),
  time: Type.Union([Type.Literal('period'), Type.Literal('moment')], {
    description: '`moment`: how things stand at `to`',
  }),
  columns: Type.Array(ReportColumn),
  accounts: Type.Array(Type.String(), {
    description: 'The accounts of the ledger whose lines it adds up to; empty for others',
  }),
  opens: Nullable(Type.String({ description: 'The list of the rows behind its figures' })),
}

const sums = Type.Record(Type.String(), Type.Number())

export const ReportDefinition = Type.Object(definition)

export const Report = Type.Object({
  ...definition,
  tenantId: Nullable(Type.String({ description: 'Null: all tenants together' })),
  currency: Nullable(Currency),
  from: Nullable(Time),
  to: Time,
  zone: Type.String({ description: 'The zone in which days and months are counted' }),
  generatedAt: Time,
  rows: Type.Array(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()])),
    { description: 'By the codes of the columns; at most 1,000, an export holds all' },
  ),
  rowCount: Type.Integer(),
  truncated: Type.Boolean(),
  totals: Type.Array(Type.Object({ currency: Currency, sums })),
  ledger: Type.Array(
    Type.Object({ currency: Currency, report: Type.Number(), ledger: Type.Number() }),
    { description: 'The sum of the report beside that of the ledger lines of its accounts' },
  ),
})

/** One change of what a subscription is worth a month. */
export const MrrMovement = Type.Object({
  id: Type.String(),
  tenantId: Type.String(),
  customerId: Type.String(),
  subscriptionId: Type.String(),
  kind: Type.String({
    description: 'new_business | expansion | contraction | churn | reactivation',
  }),
  currency: Currency,
  change: Amount,
  mrr: Type.Number({ description: 'Of the subscription, afterwards' }),
  customerMrrBefore: Type.Number({ description: 'Of all subscriptions of the customer' }),
  customerMrrAfter: Amount,
  plan: Type.String(),
  billingCycle: BillingCycle,
  quantity: Type.Integer(),
  occurredAt: Time,
})

export type MrrMovementWire = Static<typeof MrrMovement>
export type ReportDefinitionWire = Static<typeof ReportDefinition>
export type ReportWire = Static<typeof Report>
