// Whether an act above the limit of one person waits for a second one, instead of having been done.
import type { ApprovalWire } from '@quittance/billing-contract/schemas/approval'

/**
 * True where a refund, credit, credit note or write-off answered 202: nothing was done yet, and the answer is the
 * approval that waits. Only with `APPROVAL_ABOVE` set.
 */
export const waitsForApproval = (answer: object): answer is ApprovalWire =>
  'id' in answer && typeof answer.id === 'string' && answer.id.startsWith('apr_')
