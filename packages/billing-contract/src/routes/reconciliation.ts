// Keeping our records equal to Stripe's: reading again, differences, certificates.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { Certificate, Drift, SyncReport } from '../schemas/reconciliation.ts'
import { listOf } from '../schemas/values.ts'
import { recordedQuery, strict } from './list-query.ts'

const text = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }))

export const reconciliationRoutes = {
  syncTenant: route({
    method: 'POST',
    path: '/sync',
    tag: 'Reconciliation',
    summary: 'Read everything of a tenant again from Stripe and settle what differs',
    permission: 'operations.manage',
    tenant: true,
    status: 200,
    reply: SyncReport,
    refusals: ['unavailable'],
  }),
  listDrift: route({
    method: 'GET',
    path: '/reconciliation/drift',
    tag: 'Reconciliation',
    summary: 'Differences between our records and Stripe’s, newest first',
    permission: 'operations.manage',
    tenant: false,
    query: Type.Object(
      {
        ...recordedQuery,
        tenantId: text,
        objectType: text,
        status: Type.Optional(Type.Enum(['open', 'resolved', 'vanished'])),
      },
      strict,
    ),
    status: 200,
    reply: listOf(Drift),
    refusals: ['invalid_cursor', 'invalid_timestamp'],
  }),
  compareNow: route({
    method: 'POST',
    path: '/reconciliation/compare',
    tag: 'Reconciliation',
    summary: 'Compare a span of at most 31 days with Stripe now, as the nightly job does',
    permission: 'operations.manage',
    tenant: false,
    body: Type.Object(
      { from: Type.String({ maxLength: 40 }), to: Type.String({ maxLength: 40 }) },
      strict,
    ),
    status: 200,
    reply: Type.Object({
      compared: Type.Integer(),
      found: Type.Integer(),
      vanished: Type.Integer(),
    }),
    refusals: ['invalid_timestamp', 'unavailable'],
  }),
  resolveDrift: route({
    method: 'POST',
    path: '/reconciliation/drift/:id/resolve',
    tag: 'Reconciliation',
    summary: 'Settle a difference: take Stripe’s side, push ours, or explain it',
    description:
      '`take_theirs` reads the object and settles it here. `push_ours` asks again for a refund that never reached Stripe. `explain` needs a note.',
    permission: 'operations.manage',
    tenant: false,
    body: Type.Object(
      {
        action: Type.Enum(['take_theirs', 'push_ours', 'explain']),
        note: Type.Optional(Type.String({ maxLength: 2_000 })),
      },
      strict,
    ),
    status: 200,
    reply: Drift,
    refusals: ['drift_not_open', 'drift_remains', 'unavailable'],
  }),
  getCertificate: route({
    method: 'GET',
    path: '/reconciliation/certificates/:period',
    tag: 'Reconciliation',
    summary: 'The certificate of a month such as 2026-11: counts and sums on both sides',
    description: 'Issued on the 3rd of the next month, or by `quittance reconcile --month`.',
    permission: 'operations.manage',
    tenant: false,
    status: 200,
    reply: Certificate,
    refusals: [],
  }),
} as const
