// A credit note on request: by lines, by amount or over everything that is left; first it lowers what is
// owed, and only the rest goes back to the payer or to the balance.
import type { Caller } from '../../core/caller.ts'
import {
  type CreditedLine,
  type CreditNote,
  creditableLines,
  creditNamedLines,
  noteFigures,
  settleCreditNote,
  spreadCredit,
  type WantedCredit,
} from '../../core/credit-note.ts'
import { amountDueMinor, type Invoice } from '../../core/invoice.ts'
import { refundableMinor, type Transaction } from '../../core/payment.ts'
import { refuse } from '../../core/refusal.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { giveByHand } from '../approvals/give-by-hand.ts'
import { type Entered, enter } from '../enter.ts'
import { assertOurs } from '../mirror/limits.ts'
import { assertNoPaymentRunning } from '../payments/charge.ts'
import { reserve, runRefund, writeRefund } from '../transactions/refund.ts'
import { issueCreditNote } from './issue-credit-note.ts'

export interface CreateCreditNote {
  /** Null for none: then `amountMinor`, and null for both credits all that is left. */
  readonly lines: readonly WantedCredit[] | null
  /** With tax, spread over lines and taxes. */
  readonly amountMinor: number | null
  readonly reason: string | null
  /** Of the part beyond the debt: to the payer, to the balance. What is not said goes to the balance. */
  readonly refundMinor: number | null
  readonly creditMinor: number | null
}

/**
 * Credits an issued invoice. Refuses `not_found`, `invoice_not_open` for drafts and withdrawn ones,
 * `invalid_amount`, `invalid_request` for a split that does not add up, `payment_in_progress` while a
 * payment of the debt runs, `refund_exceeds_payment`, `operator_only` for the refund. Above the limit
 * it waits (`AwaitsApproval`).
 */
export async function createCreditNote(
  deps: Deps,
  caller: Caller,
  invoiceId: string,
  input: CreateCreditNote,
): Promise<CreditNote> {
  const entered = await enter(deps, caller)
  if (input.refundMinor !== 0 && input.refundMinor !== null) {
    if (!caller.mayAsIssuer('transactions.refund')) refuse('operator_only')
  }
  const reads = deps.store.of(caller.tenantId)
  await reads.get('invoices', invoiceId)
  if (caller.requestKey !== null) {
    const known = await reads.list('creditNotes', {
      where: { requestKey: caller.requestKey },
      limit: 1,
    })
    if (known.rows[0]) return known.rows[0]
  }
  const { note, refund, payment } = await giveByHand(deps, caller, async tx => {
    // A refund locks the payment before its invoice; so does this.
    const payments = await refundable(tx, invoiceId)
    for (const { id } of payments) await tx.lock('transactions', id)
    const invoice = await tx.lock('invoices', invoiceId)
    assertOurs(invoice)
    const done = await creditIn(deps, tx, caller, entered, { invoice, payments, input })
    const { id: resultId, customerId, currency, totalMinor, reason } = done.note
    const what = { kind: 'credit_note', objectId: invoiceId, input: { ...input } } as const
    return {
      done,
      given: { ...what, customerId, currency, amountMinor: totalMinor, reason, resultId },
    }
  })
  if (refund !== null) await runRefund(deps, caller, refund, payment!.processorId!)
  return note
}

async function refundable(tx: TenantTransaction, invoiceId: string): Promise<Transaction[]> {
  const { rows } = await tx.list('transactions', {
    where: { invoiceId: invoiceId as Invoice['id'] },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 100,
  })
  return rows.filter(
    row => row.type === 'payment' && row.status === 'succeeded' && refundableMinor(row) > 0,
  )
}

interface Crediting {
  readonly invoice: Invoice
  readonly payments: readonly Transaction[]
  readonly input: CreateCreditNote
}

async function creditIn(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  { invoice, payments, input }: Crediting,
) {
  if (invoice.status === 'draft' || invoice.status === 'void') {
    refuse('invoice_not_open', { status: invoice.status })
  }
  const parts = partsOf(invoice, input)
  const { totalMinor } = noteFigures(invoice, parts)
  const settled = settleCreditNote(totalMinor, amountDueMinor(invoice), invoice.currency)
  if (settled.forgivenMinor > 0) await assertNoPaymentRunning(tx, invoice)
  const refundedMinor = refundPart(input, settled.returnedMinor)
  const largest = [...payments].sort((a, b) => refundableMinor(b) - refundableMinor(a))[0]
  if (refundedMinor > 0 && largest === undefined) refuse('transaction_not_refundable', noPayment)
  const reserved =
    refundedMinor === 0 ? null : await reserve(tx, largest!.id, refundedMinor, entered.at)
  const note = await issueCreditNote(deps, tx, caller, entered, {
    invoice,
    parts,
    lowersInvoiceMinor: settled.forgivenMinor,
    refundedMinor,
    reason: input.reason,
    requestKey: caller.requestKey,
  })
  if (reserved === null) return { note, refund: null, payment: null }
  const refund = await writeRefund(deps, tx, caller, entered, {
    payment: reserved.payment,
    amountMinor: refundedMinor,
    reason: input.reason,
    creditNoteId: note.id,
    requestKey: null,
  })
  return { note, refund, payment: reserved.payment }
}

const noPayment = { type: 'payment', status: 'missing' } as const

function partsOf(invoice: Invoice, { lines, amountMinor }: CreateCreditNote) {
  if (lines !== null) return creditNamedLines(invoice, lines)
  const leftMinor = invoice.totalMinor - invoice.amountCreditedMinor
  return spreadCredit(creditableLines(invoice), amountMinor ?? leftMinor) as readonly CreditedLine[]
}

/** How much of what is returned goes to the payer. Refuses a split that does not add up. */
function refundPart({ refundMinor, creditMinor }: CreateCreditNote, returnedMinor: number): number {
  const wanted = refundMinor ?? (creditMinor === null ? 0 : returnedMinor - creditMinor)
  const rest = returnedMinor - wanted
  if (wanted < 0 || rest < 0 || (creditMinor !== null && rest !== creditMinor)) {
    refuse('invalid_request', {}, [
      {
        path: '/refund',
        message: 'refund and credit must add up to what the invoice does not owe',
      },
    ])
  }
  return wanted
}
