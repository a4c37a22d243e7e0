// Plans on the wire: what is sold, and how it is written down to be pushed. Amounts are in major units, unit
// prices may be decimal strings with up to 12 decimals, rates are percent.
import { type Static, Type } from 'typebox'
import { Amount, AmountInput, BillingCycle, Currency, Nullable, TaxBehavior } from './values.ts'

const strict = { additionalProperties: false } as const

/** A number, or a plain decimal string where a number could not say it exactly. */
const Decimal = Type.Union([Type.Number(), Type.String({ maxLength: 40 })])
const name = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$' })
const UpTo = Nullable(Decimal)

const tiers = <T extends Parameters<typeof Type.Array>[0]>(tier: T) =>
  Type.Array(tier, { minItems: 1, maxItems: 50 })

const UnitTier = Type.Object(
  { upTo: UpTo, unitAmount: Decimal, flatAmount: Type.Optional(Decimal) },
  strict,
)
const PercentTier = Type.Object(
  { upTo: UpTo, rate: Decimal, flatAmount: Type.Optional(Decimal) },
  strict,
)

const priced = {
  standard: Type.Object(
    { model: Type.Literal('standard'), unitAmount: Decimal, per: Type.Optional(Decimal) },
    strict,
  ),
  graduated: Type.Object(
    { model: Type.Literal('graduated'), tiers: tiers(UnitTier), per: Type.Optional(Decimal) },
    strict,
  ),
  volume: Type.Object(
    { model: Type.Literal('volume'), tiers: tiers(UnitTier), per: Type.Optional(Decimal) },
    strict,
  ),
  package: Type.Object(
    {
      model: Type.Literal('package'),
      packageSize: Decimal,
      packageAmount: Decimal,
      freeUnits: Type.Optional(Decimal),
    },
    strict,
  ),
  percentage: Type.Object(
    { model: Type.Literal('percentage'), rate: Decimal, freeAmount: Type.Optional(Decimal) },
    strict,
  ),
  graduatedPercentage: Type.Object(
    { model: Type.Literal('graduated_percentage'), tiers: tiers(PercentTier) },
    strict,
  ),
}

/** What units above the included ones cost. `upTo` is inclusive; the last tier is open (null). */
export const UsagePrice = Type.Union(
  [
    priced.standard,
    priced.graduated,
    priced.volume,
    priced.package,
    priced.percentage,
    priced.graduatedPercentage,
  ],
  { description: 'standard | graduated | volume | package | percentage | graduated_percentage' },
)

const MetricCharge = Type.Object(
  {
    currency: Currency,
    price: UsagePrice,
    minimum: Type.Optional(Decimal),
    maximum: Type.Optional(Decimal),
  },
  strict,
)

const metricTerms = {
  perSeat: Type.Optional(
    Type.Boolean({ description: 'Included units and cap are for each subscribed unit' }),
  ),
  cap: Type.Optional(Decimal),
  charges: Type.Optional(Type.Array(MetricCharge, { maxItems: 50 })),
}

const Seats = Type.Object(
  {
    minimum: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    maximum: Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  },
  strict,
)
const Limits = Type.Record(name, Nullable(Type.Integer({ minimum: 0 })), {
  description: 'Fixed bounds that are not measured; null is unlimited',
})
const included = Type.Record(name, Nullable(Decimal), {
  description: 'Units per billing period; null is unlimited',
})

export const Plan = Type.Object({
  code: Type.String(),
  name: Type.String(),
  version: Type.Integer(),
  family: Type.String({ description: 'Of one family a customer has one live subscription' }),
  prices: Type.Array(
    Type.Object({
      currency: Currency,
      billingCycle: BillingCycle,
      amount: Amount,
      setupFee: Type.Optional(Amount),
      minimumSpend: Type.Optional(Amount),
      stripePriceId: Type.Optional(Type.String()),
      taxBehavior: TaxBehavior,
    }),
  ),
  trialDays: Type.Integer(),
  ownTrialDays: Nullable(
    Type.Integer({ description: 'What the plan itself says; null where the default holds' }),
  ),
  included: Type.Record(Type.String(), Nullable(Type.Number()), {
    description: 'Units per billing period; null is unlimited',
  }),
  overage: Type.Record(Type.String(), Type.Number(), {
    description:
      'Price of one more unit, in `overageCurrency`; a metric without a price here or in `metrics` is a hard cap',
  }),
  overageCurrency: Currency,
  metrics: Type.Record(Type.String(), Type.Object(metricTerms), {
    description: 'Terms beyond `included` and `overage`',
  }),
  features: Type.Array(Type.String()),
  limits: Type.Record(Type.String(), Nullable(Type.Integer())),
  seats: Nullable(Seats),
  addOnTo: Type.Array(Type.String(), {
    description: 'Sold beside a live subscription to one of these plans',
  }),
})

export const PlanDefinition = Type.Object(
  {
    code: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$' }),
    name: Type.String({ minLength: 1, maxLength: 100 }),
    family: Type.Optional(name),
    prices: Type.Array(
      Type.Object(
        {
          currency: Currency,
          billingCycle: BillingCycle,
          amount: AmountInput,
          setupFee: Type.Optional(AmountInput),
          minimumSpend: Type.Optional(AmountInput),
          stripePriceId: Type.Optional(
            Type.String({
              pattern: '^[\\w-]{1,255}$',
              description: 'The price at Stripe, for subscriptions that Stripe Billing runs',
            }),
          ),
          taxBehavior: Type.Optional(TaxBehavior),
        },
        strict,
      ),
      { minItems: 1, maxItems: 200 },
    ),
    trialDays: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 730 }))),
    included: Type.Optional(included),
    overage: Type.Optional(Type.Record(name, Decimal)),
    overageCurrency: Type.Optional(Currency),
    metrics: Type.Optional(Type.Record(name, Type.Object(metricTerms, strict))),
    features: Type.Optional(Type.Array(name, { maxItems: 200, uniqueItems: true })),
    limits: Type.Optional(Limits),
    seats: Type.Optional(Nullable(Seats)),
    addOnTo: Type.Optional(Type.Array(name, { maxItems: 50, uniqueItems: true })),
  },
  strict,
)

export const PlanPush = Type.Object(
  {
    plans: Type.Array(PlanDefinition, { minItems: 1, maxItems: 200 }),
    dryRun: Type.Optional(Type.Boolean({ description: 'Only say what would change' })),
    retireMissing: Type.Optional(
      Type.Boolean({ description: 'Take plans that are not listed off the offer' }),
    ),
  },
  strict,
)

export const PlanChange = Type.Object({
  code: Type.String(),
  change: Type.String({ description: 'added | changed | unchanged | retired | not_listed' }),
  version: Type.Integer(),
  fields: Type.Array(
    Type.Object({
      path: Type.String(),
      from: Nullable(Type.String()),
      to: Nullable(Type.String()),
    }),
  ),
})

export const PlanPushed = Type.Object({
  applied: Type.Boolean(),
  changes: Type.Array(PlanChange),
})

export type PlanWire = Static<typeof Plan>
export type PlanDefinitionWire = Static<typeof PlanDefinition>
export type UsagePriceWire = Static<typeof UsagePrice>
