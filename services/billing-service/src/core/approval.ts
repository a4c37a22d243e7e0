// Money given away by hand above a limit waits until somebody else has agreed. What waits, who may agree, and what
// counts towards the limit; off unless the deployment sets limits.
import type { CustomerId, Id, TenantId } from './ids.ts'
import type { Currency } from './money.ts'
import type { AuditLine } from './records.ts'
import { refuse } from './refusal.ts'
import type { Instant } from './time.ts'

/** Null: nothing waits for anybody. */
export type ApprovalLimits = {
  /** By currency, in minor units; of a currency that is not named every amount is above. */
  readonly aboveMinor: Readonly<Record<Currency, number>>
  /** Days after which what was asked for is void. */
  readonly days: number
} | null

export type ApprovalKind = 'refund' | 'credit' | 'credit_note' | 'write_off'

/** What is to be done, in the words of its action. */
export type ApprovalInput = Readonly<Record<string, unknown>>

/** Something that waits for a second person, and what became of it. All times are real ones. */
export interface Approval {
  readonly tenantId: TenantId
  readonly id: Id<'approval'>
  readonly kind: ApprovalKind
  readonly state: 'waiting' | 'approved' | 'declined' | 'expired'
  /** The payment, the customer or the invoice that it is about. */
  readonly objectId: string
  readonly customerId: CustomerId
  readonly currency: Currency
  readonly amountMinor: number
  readonly input: ApprovalInput
  readonly requestedBy: string
  /** Why, in the words of who asked. */
  readonly reason: string | null
  /** Hash of the idempotency key it was asked with: the same request asks once. */
  readonly requestKey: string | null
  readonly decidedBy: string | null
  readonly decisionReason: string | null
  readonly decidedAt: Instant | null
  /** What was made: a transaction, a credit note or an invoice given up. */
  readonly resultId: string | null
  /** Code of the refusal that the last try to carry it out met. */
  readonly refusal: string | null
  readonly expiresAt: Instant
  readonly createdAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

export const dayMs = 24 * 3_600_000

/** Whether it may still be decided. */
export const isWaiting = ({ state, expiresAt }: Approval, now: Instant): boolean =>
  state === 'waiting' && now < expiresAt

/** As it is seen: what nobody decided in time has expired, whether that is written down yet or not. */
export const stateAt = (approval: Approval, now: Instant): Approval['state'] =>
  approval.state === 'waiting' && !isWaiting(approval, now) ? 'expired' : approval.state

/**
 * Refuses `approval_decided`, `approval_expired`, and `approval_needs_another` for whoever asked; that a person may
 * decline their own asking is how it is taken back.
 */
export function assertMayDecide(
  approval: Approval,
  verdict: 'approved' | 'declined',
  subject: string,
  now: Instant,
): void {
  const state = stateAt(approval, now)
  if (state === 'expired') refuse('approval_expired')
  if (state !== 'waiting') refuse('approval_decided', { status: state })
  if (verdict === 'approved' && approval.requestedBy === subject) refuse('approval_needs_another')
}

/** Acts that give money away, as the audit log names them. */
export const givingActions = [
  'refund.created',
  'credit.adjusted',
  'credit_note.issued',
  'invoice.written_off',
] as const

const amountOf = ({ action, changes }: AuditLine): number => {
  const figure = (name: string) => Math.max(0, Number(changes[name] ?? 0))
  if (action === 'credit_note.issued') return figure('totalMinor') - figure('refundedMinor')
  return action === 'invoice.written_off' ? figure('owedMinor') : figure('amountMinor')
}

/**
 * What somebody gave a customer alone, by their lines in the audit log. What a second person agreed to does not
 * count. What a refund's credit note takes back is counted with the refund.
 */
export const givenAloneMinor = (
  lines: readonly AuditLine[],
  { customerId, currency }: Pick<Approval, 'customerId' | 'currency'>,
): number =>
  lines
    .filter(({ changes }) => changes.customerId === customerId && changes.currency === currency)
    .filter(({ changes }) => changes.approvalId === undefined)
    .reduce((sum, line) => sum + amountOf(line), 0)

/** Whether an amount, with what was given before, is more than one person may give. */
export const isAboveLimit = (
  limits: NonNullable<ApprovalLimits>,
  currency: Currency,
  amountMinor: number,
): boolean => amountMinor > (limits.aboveMinor[currency] ?? 0)

/** Not an error of the caller: what was asked for is written down and waits. The boundary answers 202. */
export class AwaitsApproval extends Error {
  readonly approval: Approval
  constructor(approval: Approval) {
    super('waits for a second person')
    this.approval = approval
  }
}
