import type { ApprovalWire } from '@quittance/billing-contract/schemas/approval'
import { type Approval, stateAt } from '../../core/approval.ts'
import { toWire } from '../../core/money.ts'
import { type Instant, toIso } from '../../core/time.ts'

export const approvalToWire = (approval: Approval, now: Instant): ApprovalWire => ({
  id: approval.id,
  tenantId: approval.tenantId,
  kind: approval.kind,
  status: stateAt(approval, now),
  objectId: approval.objectId,
  customerId: approval.customerId,
  amount: toWire(approval.amountMinor, approval.currency),
  currency: approval.currency,
  reason: approval.reason,
  requestedBy: approval.requestedBy,
  decidedBy: approval.decidedBy,
  decisionReason: approval.decisionReason,
  decidedAt: approval.decidedAt === null ? null : toIso(approval.decidedAt),
  resultId: approval.resultId,
  refusal: approval.refusal,
  expiresAt: toIso(approval.expiresAt),
  createdAt: toIso(approval.createdAt),
})
