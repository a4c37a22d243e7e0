// Tax: the issuer's table of rates, and what is decided of a customer.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { Customer } from '../schemas/customer.ts'
import { TaxRate } from '../schemas/tax.ts'
import { listOf, Nullable, Time } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const Country = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' })

export const taxRoutes = {
  listTaxRates: route({
    method: 'GET',
    path: '/tax-rates',
    tag: 'Tax',
    summary: 'The issuer’s table of tax rates, by country',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object(
      {
        limit: listQuery.limit,
        cursor: listQuery.cursor,
        country: Type.Optional(Country),
      },
      strict,
    ),
    status: 200,
    reply: listOf(TaxRate),
    refusals: ['invalid_cursor'],
  }),
  createTaxRate: route({
    method: 'POST',
    path: '/tax-rates',
    tag: 'Tax',
    summary: 'Add a rate that holds in a country or region from a day on',
    description:
      'Rates of a country and of the buyer’s region apply together. A country without rates has the tenant’s `taxRate`. A rate is never changed: end it and add another one.',
    permission: 'policy.manage',
    tenant: false,
    body: Type.Object(
      {
        country: Country,
        region: Type.Optional(
          Nullable(
            Type.String({
              minLength: 1,
              maxLength: 100,
              description: 'As customers write `address.state`; null: the whole country',
            }),
          ),
        ),
        name: Type.String({ minLength: 1, maxLength: 60 }),
        kind: Type.Optional(Type.Union([Type.Literal('standard'), Type.Literal('surcharge')])),
        rate: Type.Number({ minimum: 0, maximum: 100, description: 'Percent' }),
        validFrom: Type.Optional(Time),
        validTo: Type.Optional(Nullable(Time)),
      },
      strict,
    ),
    status: 201,
    reply: TaxRate,
    refusals: ['invalid_amount', 'invalid_timestamp'],
  }),
  endTaxRate: route({
    method: 'POST',
    path: '/tax-rates/:id/end',
    tag: 'Tax',
    summary: 'End a rate; without `at` now',
    permission: 'policy.manage',
    tenant: false,
    body: Type.Object({ at: Type.Optional(Time) }, strict),
    status: 200,
    reply: TaxRate,
    refusals: ['not_found', 'invalid_timestamp'],
  }),
  decideTax: route({
    method: 'POST',
    path: '/customers/:id/tax',
    tag: 'Tax',
    summary: 'Exempt a customer, or record that its VAT id was proved',
    description:
      'With a proved VAT id of another country than the issuer’s the customer owes the tax itself (reverse charge). `source: "manual"` is the issuer’s own decision and needs a reason as `reference`; every decision is in the audit log. An authority that does not answer proves nothing.',
    permission: 'policy.manage',
    tenant: true,
    body: Type.Object(
      {
        exempt: Type.Optional(Type.Boolean()),
        proof: Type.Optional(
          Nullable(
            Type.Object(
              {
                vatId: Type.String({ minLength: 4, maxLength: 60 }),
                country: Country,
                source: Type.String({ minLength: 1, maxLength: 40 }),
                reference: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 200 }))),
                provedAt: Type.Optional(Time),
              },
              strict,
            ),
          ),
        ),
      },
      { ...strict, minProperties: 1 },
    ),
    status: 200,
    reply: Customer,
    refusals: ['not_found', 'invalid_timestamp'],
  }),
} as const
