// What the schemas of all objects share: amounts, currencies, times, addresses, lists, problems.
import { type Static, Type } from 'typebox'

export const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])

export const text = (maxLength = 500) => Type.String({ maxLength })

export const id = (description: string) => Type.String({ description, maxLength: 64 })

/** A JSON number in the currency's major unit, exact to its decimals. */
export const Amount = Type.Number({ description: 'Major unit of the currency, e.g. 19.99' })

/** On input a plain decimal string does as well. */
export const AmountInput = Type.Union([Type.Number(), Type.String({ maxLength: 20 })], {
  description: 'Major unit of the currency, as a number or a plain decimal string, e.g. 19.99',
})

export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217, upper case' })

export const Time = Type.String({ format: 'date-time', description: 'ISO-8601, UTC' })

export const Metadata = Type.Record(
  Type.String({ maxLength: 40 }),
  Type.String({ maxLength: 500 }),
  { maxProperties: 50, description: 'Your own keys: at most 50' },
)

/** Whether a price contains its tax; default exclusive: tax is added. */
export const TaxBehavior = Type.Union([Type.Literal('exclusive'), Type.Literal('inclusive')])

export const BillingCycle = Type.Union([Type.Literal('monthly'), Type.Literal('yearly')])

export const Address = Type.Object({
  line1: Nullable(text(200)),
  line2: Nullable(text(200)),
  city: Nullable(text(100)),
  state: Nullable(text(100)),
  postalCode: Nullable(text(20)),
  country: Nullable(Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' })),
})

export const partial = <P extends Record<string, Parameters<typeof Type.Union>[0][number]>>(
  properties: P,
) => Type.Partial(Type.Object(properties), { additionalProperties: false })

export const AddressInput = partial(Address.properties)

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    requestId: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
    declineCode: Type.Optional(Nullable(Type.String())),
    advice: Type.Optional(Nullable(Type.String())),
  },
  { additionalProperties: true },
)

/** A page of a list, newest first. */
export const listOf = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({
    data: Type.Array(item),
    hasMore: Type.Boolean(),
    nextCursor: Nullable(Type.String()),
  })

export type AddressWire = Static<typeof Address>
export type ProblemWire = Static<typeof Problem>
