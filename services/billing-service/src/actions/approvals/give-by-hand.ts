// Money given away by hand: done at once within the limit, above it only with a second person's word. The act is
// tried in full first, so that what could not be done at all is refused and not asked for.
import {
  type Approval,
  type ApprovalInput,
  type ApprovalKind,
  AwaitsApproval,
  assertMayDecide,
  dayMs,
  givenAloneMinor,
  givingActions,
  isAboveLimit,
} from '../../core/approval.ts'
import type { Caller } from '../../core/caller.ts'
import type { CustomerId } from '../../core/ids.ts'
import { type Currency, toDecimalString } from '../../core/money.ts'
import type { AuditLine } from '../../core/records.ts'
import { refuse } from '../../core/refusal.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { Page, TenantTransaction } from '../../ports/store.ts'
import { record } from '../record.ts'

/** What an act gave away, and how it is asked for where it must wait. */
export interface Given {
  readonly kind: ApprovalKind
  /** The payment, the customer or the invoice. */
  readonly objectId: string
  readonly customerId: CustomerId
  readonly currency: Currency
  /** 0 and less gives nothing away. */
  readonly amountMinor: number
  readonly input: ApprovalInput
  readonly reason: string | null
  /** What was made of it. */
  readonly resultId: string
}

/** Undoes the transaction of an act that is more than one person may do alone. */
class AboveLimit extends Error {
  readonly given: Given
  constructor(given: Given) {
    super('above the limit of one person')
    this.given = given
  }
}

/**
 * Runs an act in a transaction of its tenant. Where the deployment has limits and the act is above, nothing of it
 * stays and `AwaitsApproval` is thrown with what waits. Under an approval the same transaction marks it approved:
 * refuses `approval_decided`, `approval_expired`, `approval_outdated` where it comes to another amount by now.
 */
export async function giveByHand<T>(
  deps: Deps,
  caller: Caller,
  act: (tx: TenantTransaction) => Promise<{ readonly done: T; readonly given: Given }>,
): Promise<T> {
  const known = await askedBefore(deps, caller)
  if (known !== null) throw new AwaitsApproval(known)
  try {
    return await deps.store.transaction(caller.tenantId, async tx => {
      const approval = await holdApproval(deps, tx, caller)
      const { done, given } = await act(tx)
      if (approval !== null) await agree(deps, tx, caller, approval, given)
      else await assertWithinLimit(deps, tx, caller, given)
      return done
    })
  } catch (error) {
    if (!(error instanceof AboveLimit)) throw error
    throw new AwaitsApproval(await ask(deps, caller, error.given))
  }
}

/** What the same request asked for before its answer was lost. */
async function askedBefore(deps: Deps, { tenantId, requestKey }: Caller): Promise<Approval | null> {
  if (deps.approvals === null || requestKey === null) return null
  return deps.store.of(tenantId).find('approvals', { requestKey })
}

/** The approval that the caller acts under, held, so that it is carried out once. */
async function holdApproval(
  deps: Deps,
  tx: TenantTransaction,
  { approvalId, subject }: Caller,
): Promise<Approval | null> {
  if (approvalId === undefined) return null
  const approval = await tx.lock('approvals', approvalId)
  assertMayDecide(approval, 'approved', subject, deps.clock.real())
  return approval
}

async function agree(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  approval: Approval,
  { amountMinor, currency, resultId }: Given,
): Promise<void> {
  if (amountMinor !== approval.amountMinor || currency !== approval.currency) {
    refuse('approval_outdated', {
      asked: toDecimalString(approval.amountMinor, approval.currency),
      now: toDecimalString(amountMinor, currency),
      currency,
    })
  }
  const now = deps.clock.real()
  const approved = await tx.replace('approvals', {
    ...approval,
    state: 'approved',
    decidedBy: caller.subject,
    decisionReason: caller.reason,
    decidedAt: now,
    resultId,
    refusal: null,
    updatedAt: now,
  })
  await tellApproval(deps, tx, caller, 'approval.approved', approved)
}

/**
 * The customer is held while it is counted what the caller gave there alone in a day, so that neither many small
 * amounts nor many at once pass the limit. The act's own audit lines are among those counted.
 */
async function assertWithinLimit(
  { approvals, clock }: Deps,
  tx: TenantTransaction,
  { subject, role }: Caller,
  given: Given,
): Promise<void> {
  if (approvals === null || role === 'system' || given.amountMinor <= 0) return
  await tx.lock('customers', given.customerId)
  const lines = await linesOf(tx, subject, clock.real() - dayMs)
  const givenMinor = lines === null ? null : givenAloneMinor(lines, given)
  if (givenMinor === null || isAboveLimit(approvals, given.currency, givenMinor)) {
    throw new AboveLimit(given)
  }
}

const pageMax = 1_000
/** Whoever gives money away more often than this in a day asks, whatever the amount. */
const pagesMax = 10

/** Acts of one person since then; null: more than are counted. */
async function linesOf(
  tx: TenantTransaction,
  actor: string,
  from: Instant,
): Promise<AuditLine[] | null> {
  const lines: AuditLine[] = []
  let cursor: string | null = null
  for (let page = 0; page < pagesMax; page += 1) {
    const found: Page<AuditLine> = await tx.list('auditLines', {
      where: { actor, action: { in: [...givingActions] } },
      range: { field: 'recordedAt', from },
      order: { field: 'recordedAt', direction: 'desc' },
      limit: pageMax,
      cursor,
    })
    lines.push(...found.rows)
    if (found.nextCursor === null) return lines
    cursor = found.nextCursor
  }
  return null
}

/** Writes down what waits. The same request asks once. */
async function ask(deps: Deps, caller: Caller, given: Given): Promise<Approval> {
  const now = deps.clock.real()
  const { resultId: _, ...asked } = given
  const approval: Approval = {
    tenantId: caller.tenantId,
    id: deps.ids.next('approval'),
    ...asked,
    state: 'waiting',
    requestedBy: caller.subject,
    requestKey: caller.requestKey,
    decidedBy: null,
    decisionReason: null,
    decidedAt: null,
    resultId: null,
    refusal: null,
    expiresAt: now + (deps.approvals?.days ?? 0) * dayMs,
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  return deps.store.transaction(caller.tenantId, async tx => {
    const written = await tx.insertMany('approvals', [approval], { onConflict: 'skip' })
    if (written === 0) return tx.get('approvals', { requestKey: caller.requestKey })
    await tellApproval(deps, tx, caller, 'approval.requested', approval)
    return approval
  })
}

/** A step of an approval, as an event and in the audit log. Times are real ones, as all of an approval. */
export async function tellApproval(
  deps: Pick<Deps, 'ids' | 'clock'>,
  tx: TenantTransaction,
  caller: Caller,
  type: `approval.${string}`,
  { id, kind, objectId, customerId, currency, amountMinor, resultId, refusal }: Approval,
): Promise<void> {
  const about = { kind, aboutId: objectId, customerId, currency, amountMinor }
  const data = {
    ...about,
    ...(resultId !== null && { resultId }),
    ...(refusal !== null && { refusal }),
  }
  await record(deps, tx, caller, deps.clock.real(), [{ type, objectId: id, data }])
}
