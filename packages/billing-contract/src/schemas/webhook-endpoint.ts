// Endpoints that are told of events, and what became of each delivery.
import { type Static, Type } from 'typebox'
import { Nullable, Time } from './values.ts'

const Url = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'https, on a public address',
})
const Description = Type.String({ maxLength: 200 })
const Filters = Type.Array(Type.String({ minLength: 1, maxLength: 80 }), {
  minItems: 1,
  maxItems: 100,
  description: 'Types of events, `invoice.*` for all of a noun, `*` for every one; default `["*"]`',
})

export const WebhookEndpoint = Type.Object({
  id: Type.String(),
  tenantId: Nullable(Type.String({ description: 'Null: the issuer’s own, told of all tenants' })),
  url: Type.String(),
  description: Nullable(Type.String()),
  events: Type.Array(Type.String()),
  status: Type.Enum(['enabled', 'disabled']),
  disabledReason: Nullable(Type.Enum(['by_hand', 'gone', 'failing'])),
  failingSince: Nullable(Time),
  previousSecretUntil: Nullable(Time),
  createdAt: Time,
  updatedAt: Time,
})

export const WebhookEndpointWithSecret = Type.Object({
  ...WebhookEndpoint.properties,
  secret: Type.String({ description: '`whsec_...`, told this once: keep it' }),
})

export const WebhookEndpointInput = Type.Object(
  {
    url: Url,
    description: Type.Optional(Nullable(Description)),
    events: Type.Optional(Filters),
  },
  { additionalProperties: false },
)

export const WebhookEndpointChange = Type.Object(
  {
    url: Type.Optional(Url),
    description: Type.Optional(Nullable(Description)),
    events: Type.Optional(Filters),
    status: Type.Optional(Type.Enum(['enabled', 'disabled'])),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const SecretRotation = Type.Object(
  {
    overlapHours: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 168,
        description: 'How long the old secret signs as well; default 24',
      }),
    ),
  },
  { additionalProperties: false },
)

export const WebhookDelivery = Type.Object({
  id: Type.String(),
  endpointId: Type.String(),
  eventId: Type.String(),
  eventType: Type.String(),
  status: Type.Enum(['waiting', 'delivered', 'failed', 'canceled']),
  attempts: Type.Integer(),
  responseStatus: Nullable(Type.Integer()),
  responseBody: Nullable(Type.String({ description: 'Its first 1,000 characters' })),
  note: Nullable(Type.String({ description: 'What the last try met' })),
  durationMs: Nullable(Type.Integer()),
  nextAttempt: Nullable(Time),
  deliveredAt: Nullable(Time),
  createdAt: Time,
})

export const EventTypes = Type.Object({
  data: Type.Array(
    Type.Object({
      type: Type.String(),
      description: Type.String(),
      schema: Type.Record(Type.String(), Type.Unknown(), {
        description: 'JSON Schema of the member `data` of the message',
      }),
    }),
  ),
  message: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of a message' }),
})

export type WebhookEndpointWire = Static<typeof WebhookEndpoint>
export type WebhookDeliveryWire = Static<typeof WebhookDelivery>
