// Verifying a bank account by its deposits: the answer is counted first, then given, then its outcome kept.
import type { Caller } from '../../core/caller.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import { refuse } from '../../core/refusal.ts'
import {
  type AnswerKind,
  answersLeft,
  countAnswer,
  mismatched,
  uncountAnswer,
  verificationFailed,
  verified,
} from '../../core/verification.ts'
import type { Deps } from '../../deps.ts'
import type { VerificationAnswer, VerifyOutcome } from '../../ports/processor.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { type Entered, enter } from '../enter.ts'
import { record } from '../record.ts'
import { becomeDefault } from './add-method.ts'

export interface VerifyMethod {
  readonly amounts?: readonly number[] | undefined
  readonly descriptorCode?: string | undefined
}

function answerOf({ amounts, descriptorCode }: VerifyMethod): VerificationAnswer {
  if ((amounts === undefined) === (descriptorCode === undefined)) {
    refuse('invalid_request', {}, [
      { path: '', message: 'give the two amounts or the descriptorCode, one of them' },
    ])
  }
  const [first, second] = amounts ?? []
  return first !== undefined && second !== undefined
    ? { amounts: [first, second] }
    : { descriptorCode: descriptorCode!.toUpperCase() }
}

/**
 * Answers the verification of an account: verified, it is active, and the default where there was none.
 * Refuses `verification_mismatch` (400, with the tries left), `verification_closed` (409), `not_found`.
 */
export async function verifyMethod(
  deps: Deps,
  caller: Caller,
  id: string,
  input: VerifyMethod,
): Promise<PaymentMethod> {
  const answer = answerOf(input)
  const kind: AnswerKind = 'amounts' in answer ? 'amounts' : 'descriptor_code'
  const entered = await enter(deps, caller)
  const counted = await deps.store.transaction(caller.tenantId, async tx => {
    const method = await tx.lock('paymentMethods', id)
    return tx.replace('paymentMethods', countAnswer(method, kind, entered.now))
  })
  const outcome = await answered(deps, caller, counted, kind, answer)
  const method = await deps.store.transaction(caller.tenantId, tx =>
    settle(deps, tx, caller, entered, { id, kind, outcome }),
  )
  if (method.status === 'active') return method
  if (outcome.outcome === 'failed' || method.verification === null) {
    refuse('verification_closed', { status: method.status })
  }
  return refuse('verification_mismatch', { triesLeft: answersLeft(method.verification, kind) })
}

async function answered(
  deps: Deps,
  caller: Caller,
  method: PaymentMethod,
  kind: AnswerKind,
  answer: VerificationAnswer,
): Promise<VerifyOutcome> {
  try {
    return await deps.processor.verifyMethod(method.setupId ?? '', answer)
  } catch (error) {
    await deps.store.transaction(caller.tenantId, async tx => {
      const locked = await tx.lock('paymentMethods', method.id)
      await tx.replace('paymentMethods', uncountAnswer(locked, kind))
    })
    throw error
  }
}

async function settle(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { at, now }: Entered,
  told: { readonly id: string; readonly kind: AnswerKind; readonly outcome: VerifyOutcome },
): Promise<PaymentMethod> {
  const { outcome } = told
  const before = await tx.lock('paymentMethods', told.id)
  // The processor's own event may have been faster.
  if (before.status !== 'pending_verification') return before
  const after =
    outcome.outcome === 'verified'
      ? verified(before, now)
      : outcome.outcome === 'mismatch'
        ? mismatched(before, told.kind, now)
        : verificationFailed(before, now)
  if (after === before) return before
  return keepVerdict(deps, tx, caller, at, after)
}

/** Keeps the end of a verification; a verified account may become the default. */
export async function keepVerdict(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  at: number,
  method: PaymentMethod,
): Promise<PaymentMethod> {
  const saved = await tx.replace('paymentMethods', { ...method, updatedAt: at })
  if (saved.status === 'active') {
    const owner = await tx.lock('customers', saved.customerId)
    if (owner.defaultPaymentMethodId === null) await becomeDefault(tx, owner, saved, at)
  }
  const type =
    saved.status === 'active' ? 'payment_method.verified' : 'payment_method.verification_failed'
  await record(deps, tx, caller, at, [
    { type, objectId: saved.id, data: { last4: saved.bankAccount?.last4 ?? null } },
  ])
  return saved
}
