// What an erasure did, and what outlives it.
import { Type } from 'typebox'

export const Erasure = Type.Object({
  tenantId: Type.String(),
  erased: Type.Record(Type.String(), Type.Integer(), {
    description:
      'Rows that this call emptied or removed, by collection; none when nothing was left',
  }),
  kept: Type.Array(
    Type.Object({
      collection: Type.String(),
      rows: Type.Integer(),
      fields: Type.Array(Type.String()),
      basis: Type.Union([Type.Literal('invoice_law'), Type.Literal('accountability')], {
        description: 'GDPR Art. 17(3): documents and books, or the sealed record of who did what',
      }),
    }),
    { description: 'Personal fields that stay, and what demands it' },
  ),
})
