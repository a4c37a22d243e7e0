// The money of an end that comes now: unused time goes back as asked, drafts are cut to the time that was
// used, and what was used since the last invoice is billed. In the transaction that ends the subscription.
import type { Caller } from '../../core/caller.ts'
import { noteFigures, settleCreditNote } from '../../core/credit-note.ts'
import { creditAtEnd, type EndCredit } from '../../core/end-credit.ts'
import { amountDueMinor, type Invoice, type InvoiceLine } from '../../core/invoice.ts'
import { type Currency, chargeableMinor } from '../../core/money.ts'
import { refundableMinor, type Transaction } from '../../core/payment.ts'
import { usedPart } from '../../core/pricing.ts'
import type { Counting } from '../../core/proration.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { countUses } from '../coupons/use-discounts.ts'
import { issueCreditNote } from '../credits/issue-credit-note.ts'
import type { Entered } from '../enter.ts'
import { removeDraft } from '../invoices/remove-draft.ts'
import { repricedDraft } from '../invoices/reprice-draft.ts'
import { reserve, writeRefund } from '../transactions/refund.ts'
import { invoicesOf } from '../usage/arrears-lines.ts'
import { billUsageUntil } from './draft-renewal.ts'

export interface BegunRefund {
  readonly refund: Transaction
  readonly processorPaymentId: string
}

export interface EndTerms {
  /** As it was before the end, locked. */
  readonly before: Subscription
  readonly counting: Counting
  readonly refund: 'none' | 'credit' | 'refund'
  readonly reason: string | null
}

/** Settles the end; answers the refunds that are written down and still have to be asked for. */
export async function settleEnd(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  terms: EndTerms,
): Promise<readonly BegunRefund[]> {
  const { before, counting, refund } = terms
  const invoices = await invoicesOf(tx, before.id)
  for (const { id } of invoices.filter(each => each.status === 'draft')) {
    await cutDraft(deps, tx, caller, entered, await tx.lock('invoices', id), counting)
  }
  const refunds: BegunRefund[] = []
  if (refund !== 'none') {
    for (const credit of creditAtEnd(invoices, entered.at, counting, before.pendingLines)) {
      const invoice = await tx.lock('invoices', credit.invoice.id)
      const owned = { ...credit, invoice }
      refunds.push(...(await giveBack(deps, tx, caller, entered, owned, terms)))
    }
  }
  const { at, settings } = entered
  const reason = 'subscription_cancel'
  const waiting = before.pendingLines.flatMap(line => usedOf(line, at, counting, before.currency))
  await billUsageUntil(deps, tx, caller, { at, settings }, before, at, reason, waiting)
  return refunds
}

/** Nothing of a draft is paid yet: of a period that has begun only the used time is charged. */
async function cutDraft(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  draft: Invoice,
  counting: Counting,
): Promise<void> {
  const { at } = entered
  const lines = draft.lines.flatMap(line => usedOf(line, at, counting, draft.currency))
  if (lines.length === 0) return removeDraft(deps, tx, caller, at, draft, { reason: 'ended' })
  const priced = await repricedDraft(deps, tx, entered, draft, lines)
  const ended = { ...priced, billingReason: 'subscription_cancel' as const, updatedAt: at }
  await countUses(tx, draft, ended, at)
  await tx.replace('invoices', ended)
}

/** A line that charges time after the end, cut to the time before it; every other line as it is. */
const usedOf = (
  line: InvoiceLine,
  at: Instant,
  counting: Counting,
  currency: Currency,
): readonly InvoiceLine[] =>
  (line.kind === 'recurring' || line.kind === 'proration_charge') && line.periodEnd! > at
    ? usedPart(line, at, counting, currency)
    : [line]

/** One credit note: first against the debt, then to the payer as far as asked and possible, else to the balance. */
async function giveBack(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  { invoice, parts }: EndCredit,
  { refund, reason }: EndTerms,
): Promise<BegunRefund[]> {
  const { totalMinor } = noteFigures(invoice, parts)
  const dueMinor = amountDueMinor(invoice)
  const { forgivenMinor, returnedMinor } = settleCreditNote(totalMinor, dueMinor, invoice.currency)
  const shares = refund === 'refund' ? await sharesOf(tx, invoice, returnedMinor) : []
  const refundedMinor = shares.reduce((sum, share) => sum + share.amountMinor, 0)
  const note = await issueCreditNote(deps, tx, caller, entered, {
    invoice,
    parts,
    lowersInvoiceMinor: forgivenMinor,
    refundedMinor,
    reason,
    requestKey: null,
  })
  const begun: BegunRefund[] = []
  for (const { id, amountMinor } of shares) {
    const { payment } = await reserve(tx, id, amountMinor, entered.at)
    const written = await writeRefund(deps, tx, caller, entered, {
      payment,
      amountMinor,
      reason,
      creditNoteId: note.id,
      requestKey: null,
    })
    begun.push({ refund: written, processorPaymentId: payment.processorId! })
  }
  return begun
}

/** How much of each payment of an invoice goes back: the largest first, never more than is left of it. */
async function sharesOf(tx: TenantTransaction, invoice: Invoice, wantedMinor: number) {
  const { rows } = await tx.list('transactions', {
    where: { invoiceId: invoice.id },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 100,
  })
  const payments = rows
    .filter(row => row.type === 'payment' && row.status === 'succeeded')
    .sort((a, b) => refundableMinor(b) - refundableMinor(a))
  let leftMinor = wantedMinor
  return payments.flatMap(payment => {
    const mostMinor = Math.min(leftMinor, refundableMinor(payment))
    // What a card cannot take back goes to the balance with the rest.
    const amountMinor = chargeableMinor(mostMinor, payment.currency)
    leftMinor -= amountMinor
    return amountMinor > 0 ? [{ id: payment.id, amountMinor }] : []
  })
}
