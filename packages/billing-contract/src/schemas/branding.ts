// How documents look: for all tenants of the issuer, or for one.
import { type Static, Type } from 'typebox'
import { Nullable, Time } from './values.ts'

const strict = { additionalProperties: false } as const

const text = (maxLength: number, description: string) =>
  Type.Optional(Nullable(Type.String({ maxLength, description })))

/** Fields that are left out are as in the house's own layout. */
export const BrandingInput = Type.Object(
  {
    inherit: Type.Optional(
      Type.Boolean({ description: 'For a tenant: go back to the issuer’s; nothing else counts' }),
    ),
    logo: text(400_000, 'Base64 of a PNG (256 KB, 2,000 × 2,000) or SVG (128 KB)'),
    accent: Type.Optional(
      Nullable(
        Type.String({
          pattern: '^#[0-9A-Fa-f]{6}$',
          description: '#RRGGBB, with a contrast of at least 4.5 to white paper',
        }),
      ),
    ),
    footer: text(200, 'A line at the foot of every page'),
    terms: text(4_000, 'Printed below the figures'),
    numberLead: Type.Optional(
      Type.String({ pattern: '^[A-Z0-9./-]{0,12}$', description: 'Before the series in numbers' }),
    ),
    numberDigits: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
    template: text(64_000, 'Typst source of a layout; see docs/templates.md'),
  },
  strict,
)

export const Branding = Type.Object({
  scope: Type.String({ description: 'A tenant, or * for all' }),
  revision: Type.Integer({ description: '0: none was ever set' }),
  inherits: Type.Boolean(),
  logo: Nullable(Type.Object({ format: Type.String(), base64: Type.String() })),
  accent: Nullable(Type.String()),
  footer: Nullable(Type.String()),
  terms: Nullable(Type.String()),
  numberLead: Type.String(),
  numberDigits: Type.Integer(),
  template: Nullable(Type.String()),
  createdAt: Nullable(Time),
  createdBy: Nullable(Type.String()),
})

export type BrandingInputWire = Static<typeof BrandingInput>
export type BrandingWire = Static<typeof Branding>
