// What every list takes.
import { Type } from 'typebox'

export const listQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Default 20' })),
  cursor: Type.Optional(Type.String({ maxLength: 1000 })),
  from: Type.Optional(Type.String({ maxLength: 40, description: 'ISO-8601: created at or after' })),
  to: Type.Optional(Type.String({ maxLength: 40, description: 'ISO-8601: created before' })),
  status: Type.Optional(Type.String({ maxLength: 40 })),
  customerId: Type.Optional(Type.String({ maxLength: 64 })),
}

/** What a list of things recorded takes. */
export const recordedQuery = {
  limit: listQuery.limit,
  cursor: listQuery.cursor,
  from: Type.Optional(
    Type.String({ maxLength: 40, description: 'ISO-8601: recorded at or after' }),
  ),
  to: Type.Optional(Type.String({ maxLength: 40, description: 'ISO-8601: recorded before' })),
}

export const strict = { additionalProperties: false } as const
