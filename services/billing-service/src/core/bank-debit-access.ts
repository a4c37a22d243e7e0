// When a bank debit gives what it pays for. The bank answers days later, so the issuer says how far it trusts
// a debit that was submitted: always, never, or up to a sum per customer.
import type { Transaction } from './payment.ts'
import { type PendingChange, restartPeriod, type Subscription } from './subscription.ts'

export type BankDebitAccess = 'on_submit' | 'on_clearing' | 'up_to_limit'

export interface BankDebitSettings {
  readonly bankDebitAccess: BankDebitAccess
  /** With `up_to_limit`: the most that one customer's debits may grant before they clear. */
  readonly bankDebitLimitMinor: number
}

/** Plan, cycle and seats that come back if the debit for a change fails. */
export interface GrantedChange {
  readonly invoiceId: string
  readonly planId: string
  readonly planCode: string
  readonly billingCycle: Subscription['billingCycle']
  readonly quantity: number
  /** Only in this period can it be taken back: a renewal has built on it. */
  readonly periodStart: number
}

/**
 * Whether a debit that was just submitted grants at once. `running` are the customer's other debits on their
 * way; those in another currency are not counted against the limit, and are not granted under one.
 */
export function grantsAccess(
  settings: BankDebitSettings & { readonly currency: string },
  debit: Pick<Transaction, 'id' | 'amountMinor' | 'currency'>,
  running: readonly Pick<Transaction, 'id' | 'amountMinor' | 'currency'>[],
): boolean {
  if (settings.bankDebitAccess !== 'up_to_limit') return settings.bankDebitAccess === 'on_submit'
  if (debit.currency !== settings.currency) return false
  const others = running.filter(
    ({ id, currency }) => id !== debit.id && currency === debit.currency,
  )
  const exposureMinor = others.reduce((sum, each) => sum + each.amountMinor, debit.amountMinor)
  return exposureMinor <= settings.bankDebitLimitMinor
}

/**
 * Whether a change can be taken back should its debit fail. One that ended a paid period cannot: the usage of
 * that period was billed with it. It waits for clearing.
 */
export const canBeTakenBack = (change: PendingChange, wasFree: boolean): boolean =>
  change.restartsPeriodAt === null || wasFree

/** What `after`, with the change in force, has to remember of `before`. */
export const grantOf = (
  before: Subscription,
  after: Subscription,
  invoiceId: string,
): GrantedChange => ({
  invoiceId,
  planId: before.planId,
  planCode: before.planCode,
  billingCycle: before.billingCycle,
  quantity: before.quantity,
  periodStart: after.currentPeriodStart,
})

/**
 * The subscription with the old terms again; null when a renewal has built on the new ones. What was used before a
 * restart is billed, so the period goes on from there, and with another cycle it ends where the old one does.
 */
export function takenBack(subscription: Subscription, at: number): Subscription | null {
  const { grantedChange } = subscription
  if (grantedChange === null || grantedChange.periodStart !== subscription.currentPeriodStart) {
    return null
  }
  const { invoiceId: _paidBy, periodStart: _since, ...terms } = grantedChange
  const back = { ...subscription, ...terms, grantedChange: null, updatedAt: at }
  if (back.billingCycle === subscription.billingCycle) return back
  return restartPeriod(back, back.currentPeriodStart, back.anchorDay)
}
