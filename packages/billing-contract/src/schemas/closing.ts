// A closed period and the file that was handed over.
import { Type } from 'typebox'
import { FileExport } from './file-export.ts'
import { Nullable, Time } from './values.ts'

export const Closing = Type.Object({
  period: Type.String({ description: 'Such as 2026-11' }),
  tenantId: Nullable(Type.String({ description: 'Null: the books of all tenants' })),
  zone: Type.String(),
  from: Time,
  to: Type.String({
    format: 'date-time',
    description: 'Nothing is booked before this instant any more',
  }),
  closedAt: Time,
  closedBy: Type.String(),
  pack: FileExport,
})
