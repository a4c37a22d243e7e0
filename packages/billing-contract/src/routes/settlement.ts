// Disputes, with the evidence against them, and payouts with what of them is whose.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { Dispute, Payout } from '../schemas/settlement.ts'
import { listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const { limit, cursor, from, to, status } = listQuery
const text = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }))

export const settlementRoutes = {
  listDisputes: route({
    method: 'GET',
    path: '/disputes',
    tag: 'Disputes',
    summary: 'The disputes of a tenant’s payments, newest first',
    permission: 'operations.manage',
    tenant: true,
    query: Type.Object({ limit, cursor, from, to, status, transactionId: text }, strict),
    status: 200,
    reply: listOf(Dispute),
    refusals: ['invalid_cursor', 'invalid_timestamp'],
  }),
  getDispute: route({
    method: 'GET',
    path: '/disputes/:id',
    tag: 'Disputes',
    summary: 'One dispute',
    permission: 'operations.manage',
    tenant: true,
    status: 200,
    reply: Dispute,
    refusals: [],
  }),
  submitDisputeEvidence: route({
    method: 'POST',
    path: '/disputes/:id/evidence',
    tag: 'Disputes',
    summary: 'Answer a dispute; the bank decides later',
    description: 'Sends the text to Stripe as evidence and submits it. Files are added at Stripe.',
    permission: 'operations.manage',
    tenant: true,
    body: Type.Object({ text: Type.String({ minLength: 1, maxLength: 20_000 }) }, strict),
    status: 200,
    reply: Dispute,
    refusals: ['dispute_closed', 'unavailable'],
  }),
  listIssuerDisputes: route({
    method: 'GET',
    path: '/issuer/disputes',
    tag: 'Disputes',
    summary: 'The disputes of all tenants, newest first',
    permission: 'operations.manage',
    tenant: false,
    query: Type.Object({ limit, cursor, from, to, status, tenantId: text }, strict),
    status: 200,
    reply: listOf(Dispute),
    refusals: ['invalid_cursor', 'invalid_timestamp'],
  }),
  listPayouts: route({
    method: 'GET',
    path: '/payouts',
    tag: 'Payouts',
    summary: 'What Stripe paid out to the bank, newest first',
    permission: 'operations.manage',
    tenant: false,
    query: Type.Object({ limit, cursor, from, to, status }, strict),
    status: 200,
    reply: listOf(Payout),
    refusals: ['invalid_cursor', 'invalid_timestamp'],
  }),
  getPayout: route({
    method: 'GET',
    path: '/payouts/:id',
    tag: 'Payouts',
    summary: 'One payout, with what of it is whose',
    permission: 'operations.manage',
    tenant: false,
    status: 200,
    reply: Payout,
    refusals: [],
  }),
} as const
