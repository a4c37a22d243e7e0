// Seals over ledger and audit log as callers see them.
import { type Static, Type } from 'typebox'
import { Time } from './values.ts'

export const SealStream = Type.Union([Type.Literal('ledger'), Type.Literal('audit')])

const link = {
  tenantId: Type.String(),
  stream: SealStream,
  sequence: Type.Integer({ description: '1, 2, 3 ... without a gap' }),
  hash: Type.String({ description: 'SHA-256, hexadecimal' }),
  sealedAt: Time,
}

export const Seal = Type.Object({
  ...link,
  previousHash: Type.String(),
  rowCount: Type.Integer({ description: 'Rows under this seal' }),
})

export const NewestSeal = Type.Object({
  ...link,
  rowCount: Type.Integer({ description: 'Rows under all seals of the chain' }),
})

export type SealWire = Static<typeof Seal>
export type NewestSealWire = Static<typeof NewestSeal>
