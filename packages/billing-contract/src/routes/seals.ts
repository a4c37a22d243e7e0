// Seals: the proof that what was booked and audited has not changed since.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { NewestSeal, Seal, SealStream } from '../schemas/seal.ts'
import { listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const page = { limit: listQuery.limit, cursor: listQuery.cursor }

export const sealRoutes = {
  listSeals: route({
    method: 'GET',
    path: '/seals',
    tag: 'History',
    summary: 'The seals over a tenant’s ledger or audit log, newest first',
    permission: 'history.read',
    tenant: true,
    query: Type.Object({ ...page, stream: Type.Optional(SealStream) }, strict),
    status: 200,
    reply: listOf(Seal),
    refusals: ['invalid_cursor'],
  }),
  listNewestSeals: route({
    method: 'GET',
    path: '/issuer/seals',
    tag: 'History',
    summary: 'The newest seal of every chain of the deployment, by tenant',
    description:
      'Kept elsewhere, it proves later that no seal was made anew: `quittance verify --seals FILE`.',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object(page, strict),
    status: 200,
    reply: listOf(NewestSeal),
    refusals: ['invalid_cursor'],
  }),
} as const
