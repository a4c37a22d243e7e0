// Money given away by hand above the limit of one person: what waits, agreed to or declined by another.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { Approval, ApprovalStatus } from '../schemas/approval.ts'
import { listOf } from '../schemas/values.ts'
import { listQuery, strict } from './list-query.ts'

const { limit, cursor, from, to } = listQuery
const status = Type.Optional(ApprovalStatus)
const text = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }))
const reason = Type.Optional(Type.String({ maxLength: 500 }))

export const approvalRoutes = {
  listApprovals: route({
    method: 'GET',
    path: '/approvals',
    tag: 'Approvals',
    summary: 'Refunds, credits and write-offs of a tenant that wait or waited for a second person',
    permission: 'approvals.manage',
    tenant: true,
    query: Type.Object({ limit, cursor, from, to, status }, strict),
    status: 200,
    reply: listOf(Approval),
    refusals: ['invalid_cursor'],
  }),
  getApproval: route({
    method: 'GET',
    path: '/approvals/:id',
    tag: 'Approvals',
    summary: 'One approval',
    permission: 'approvals.manage',
    tenant: true,
    status: 200,
    reply: Approval,
    refusals: ['not_found'],
  }),
  approve: route({
    method: 'POST',
    path: '/approvals/:id/approve',
    tag: 'Approvals',
    summary: 'Agree, and carry out exactly what was asked for, once',
    description:
      'Amounts and states are looked at again. What cannot be done as things are is refused as the act itself would be, noted in `refusal`, and goes on waiting.',
    permission: 'approvals.manage',
    tenant: true,
    body: Type.Object({ reason }, strict),
    status: 200,
    reply: Approval,
    refusals: [
      'not_found',
      'approval_needs_another',
      'approval_decided',
      'approval_expired',
      'approval_outdated',
      'refund_exceeds_payment',
      'transaction_not_refundable',
      'payment_disputed',
      'payment_in_progress',
      'invalid_amount',
      'invoice_not_open',
      'invoice_already_paid',
      'not_for_mirrored',
      'change_pending',
    ],
  }),
  decline: route({
    method: 'POST',
    path: '/approvals/:id/decline',
    tag: 'Approvals',
    summary: 'Turn down what waits; whoever asked takes it back by that',
    permission: 'approvals.manage',
    tenant: true,
    body: Type.Object({ reason }, strict),
    status: 200,
    reply: Approval,
    refusals: ['not_found', 'approval_decided', 'approval_expired'],
  }),
  listIssuerApprovals: route({
    method: 'GET',
    path: '/issuer/approvals',
    tag: 'Approvals',
    summary: 'What waits or waited for a second person, of all tenants',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object({ limit, cursor, from, to, status, tenantId: text }, strict),
    status: 200,
    reply: listOf(Approval),
    refusals: ['invalid_cursor'],
  }),
} as const
