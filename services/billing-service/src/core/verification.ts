// Proving that a bank account is the payer's: two small deposits, read off the statement. Three answers by
// amounts and ten by code, within ten days (docs.stripe.com/payments/ach-direct-debit).
import type { PaymentMethod, Verification } from './payment-method.ts'
import { refuse } from './refusal.ts'
import type { Instant } from './time.ts'

export type AnswerKind = Verification['kind']

export const answersMax: Readonly<Record<AnswerKind, number>> = { amounts: 3, descriptor_code: 10 }

const triedOf = (verification: Verification, kind: AnswerKind): number =>
  kind === 'amounts' ? verification.amountsTried : verification.codesTried

/** How many answers of a kind are left. */
export const answersLeft = (verification: Verification, kind: AnswerKind): number =>
  Math.max(0, answersMax[kind] - triedOf(verification, kind))

/**
 * Counts an answer before it is given, so that two tabs never share the last one. Refuses
 * `verification_closed` when nothing waits for an answer: verified, failed, removed, or too late.
 */
export function countAnswer(method: PaymentMethod, kind: AnswerKind, at: Instant): PaymentMethod {
  const { verification } = method
  if (method.status !== 'pending_verification' || verification === null) {
    return refuse('verification_closed', { status: method.status })
  }
  if (at >= verification.expiresAt || answersLeft(verification, kind) === 0) {
    return refuse('verification_closed', { status: 'verification_failed' })
  }
  return { ...method, verification: counted(verification, kind, 1), updatedAt: at }
}

const counted = (verification: Verification, kind: AnswerKind, by: 1 | -1): Verification =>
  kind === 'amounts'
    ? { ...verification, amountsTried: verification.amountsTried + by }
    : { ...verification, codesTried: verification.codesTried + by }

/** An answer that never reached the processor costs no try. */
export const uncountAnswer = (method: PaymentMethod, kind: AnswerKind): PaymentMethod =>
  method.verification === null
    ? method
    : { ...method, verification: counted(method.verification, kind, -1) }

/** The account is the payer's: it can be debited. */
export const verified = (method: PaymentMethod, at: Instant): PaymentMethod => ({
  ...method,
  status: 'active',
  verification: null,
  updatedAt: at,
})

/** Too many wrong answers, or none in time: the account has to be added again. */
export const verificationFailed = (method: PaymentMethod, at: Instant): PaymentMethod => ({
  ...method,
  status: 'verification_failed',
  verification: null,
  updatedAt: at,
})

/** What a wrong answer leaves: another try, or the end. */
export function mismatched(method: PaymentMethod, kind: AnswerKind, at: Instant): PaymentMethod {
  const { verification } = method
  const spent = verification !== null && answersLeft(verification, kind) === 0
  return spent ? verificationFailed(method, at) : method
}
