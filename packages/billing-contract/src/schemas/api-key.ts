// Keys by which machines call, as their owners see them.
import { type Static, Type } from 'typebox'
import { Nullable, Time } from './values.ts'

const strict = { additionalProperties: false } as const

export const ApiKeyRole = Type.Union([Type.Literal('service'), Type.Literal('member')])

export const ApiKey = Type.Object({
  id: Type.String(),
  tenantId: Nullable(Type.String({ description: 'null: of the issuer, for every tenant' })),
  name: Type.String(),
  role: ApiKeyRole,
  hint: Type.String({ description: 'The first letters of the key' }),
  status: Type.Union([Type.Literal('active'), Type.Literal('expired'), Type.Literal('revoked')]),
  expiresAt: Nullable(Time),
  revokedAt: Nullable(Time),
  lastUsedAt: Nullable(Type.String({ description: 'ISO-8601, to the nearest five minutes' })),
  createdBy: Type.String(),
  createdAt: Time,
})

export const ApiKeyWithSecret = Type.Object({
  ...ApiKey.properties,
  key: Type.String({ description: 'The key itself; it is never answered again' }),
})

export const ApiKeyInput = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    role: Type.Optional(ApiKeyRole),
    expiresAt: Type.Optional(Time),
  },
  strict,
)

export const ApiKeyRotation = Type.Object(
  {
    overlapHours: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 168,
        description: 'How long the old key still counts; 24',
      }),
    ),
  },
  strict,
)

export type ApiKeyWire = Static<typeof ApiKey>
export type ApiKeyWithSecretWire = Static<typeof ApiKeyWithSecret>
