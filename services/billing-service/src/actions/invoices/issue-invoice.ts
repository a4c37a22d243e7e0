// The moment a draft becomes a demand: number, snapshot of the buyer, ledger lines, event; one transaction.
import type { Caller } from '../../core/caller.ts'
import { balanceIdOf, fromBalance } from '../../core/credit-balance.ts'
import type { Customer } from '../../core/customer.ts'
import { finalizeDraft, type Invoice, type PartySnapshot } from '../../core/invoice.ts'
import { balanceApplied, balanceReturned, invoiceFinalized } from '../../core/ledger.ts'
import { sumMinor } from '../../core/money.ts'
import { addLocalDays, type Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { brandingOf } from '../branding/branding-of.ts'
import { countUses } from '../coupons/use-discounts.ts'
import { lockBalance, moveCredit } from '../credits/move-credit.ts'
import type { Entered } from '../enter.ts'
import { book, type Change, record } from '../record.ts'
import { documentSeries, takeDocumentNumber } from './document-series.ts'

/** Who is billed, as known when the invoice is issued. */
export const buyerOf = (customer: Customer): PartySnapshot => ({
  name: customer.name,
  email: customer.email,
  address: customer.address,
  taxIds: customer.taxIds,
  purchaseOrder: customer.purchaseOrder,
})

/**
 * Finalises a draft that is stored already (`stored`) or new. With `collect` it is left to the job that collects,
 * which charges it at once unless it waits for the payer. Numbers are taken in this transaction, so a
 * failed one leaves no gap. The credit balance pays first: an invoice that it covers comes back `paid`, and
 * then the caller puts in force what the invoice was for. Refuses `invoice_not_draft`, `amount_too_large`.
 */
export async function issueInvoice(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  entered: Entered,
  draft: Invoice,
  options: { readonly stored: boolean; readonly collect?: boolean },
): Promise<Invoice> {
  const { tenant, settings, at } = entered
  const customer = await tx.get('customers', draft.customerId)
  const series = await documentSeries(deps, tx, entered, 'invoice')
  const fromBalanceMinor = draft.totalMinor > 0 ? await takenFromBalance(tx, draft, at) : 0
  const branding = await brandingOf(tx, draft.tenantId)
  const number = await takeDocumentNumber(tx, series, branding)
  const demanded = finalizeDraft(
    { ...draft, clock: tenant.kind },
    {
      at,
      number,
      fromBalanceMinor,
      buyer: buyerOf(customer),
      issuer: deps.issuer,
      brandingId: branding?.id ?? null,
      dueAt: draft.dueAt ?? dueAt(draft, at, settings),
    },
  )
  const charged =
    options.collect && demanded.status === 'open' && demanded.collection === 'automatic'
  const open = charged ? { ...demanded, nextAttemptAt: at } : demanded
  if (options.stored) await tx.replace('invoices', open)
  else {
    await tx.insert('invoices', open)
    await countUses(tx, null, open, at)
  }
  const issued = options.stored ? { ...open, version: open.version + 1 } : open
  await book(deps, tx, tenant, at, [invoiceFinalized(issued), balanceApplied(issued)])
  await moveForIssue(deps, tx, issued, at)
  await record(deps, tx, caller, at, [
    {
      type: 'invoice.issued',
      objectId: issued.id,
      data: {
        invoiceNumber: issued.invoiceNumber,
        totalMinor: issued.totalMinor,
        currency: issued.currency,
      },
    },
    ...(issued.status === 'paid' ? [paidChange(issued)] : []),
  ])
  return issued
}

/**
 * What the balance pays of a draft. The balance is held only when something moves: invoices of a customer without
 * credit do not wait for each other, and what is credited at the same moment is for the next one.
 */
async function takenFromBalance(
  tx: TenantTransaction,
  draft: Invoice,
  at: Instant,
): Promise<number> {
  const seen = await tx.find('creditBalances', balanceIdOf(draft.customerId, draft.currency))
  const balanceMinor = seen?.balanceMinor ?? 0
  if (balanceMinor === 0 && fromBalance(draft, 0) === 0) return 0
  const held = await lockBalance(tx, draft, at)
  return fromBalance(draft, held.balanceMinor)
}

const paidChange = ({ id, invoiceNumber }: Invoice): Change => ({
  type: 'invoice.paid',
  objectId: id,
  data: { invoiceNumber },
})

/** What it takes from the balance, and what its credits exceed its costs by. */
async function moveForIssue(deps: Deps, tx: TenantTransaction, invoice: Invoice, at: Instant) {
  const { tenantId, customerId, currency, id: invoiceId } = invoice
  const about = { tenantId, customerId, currency, invoiceId, at }
  const taken = invoice.amountFromBalanceMinor
  await moveCredit(deps, tx, {
    kind: taken > 0 ? 'applied' : 'collected',
    amountMinor: -taken,
    cause: `${invoice.id}:applied`,
    ...about,
  })
  const transferred = invoice.lines.filter(line => line.kind === 'balance_transfer')
  await moveCredit(deps, tx, {
    kind: 'unused_time',
    amountMinor: sumMinor(transferred.map(line => line.amountMinor)),
    cause: `${invoice.id}:unused_time`,
    ...about,
  })
}

/** Gives back what a withdrawn invoice took from the balance, with its posting. */
export async function returnBalance(
  deps: Deps,
  tx: TenantTransaction,
  invoice: Invoice,
  at: Instant,
): Promise<void> {
  await book(deps, tx, invoice.tenantId, at, [balanceReturned(invoice)])
  await moveCredit(deps, tx, {
    tenantId: invoice.tenantId,
    customerId: invoice.customerId,
    currency: invoice.currency,
    kind: 'returned',
    amountMinor: invoice.amountFromBalanceMinor,
    cause: `${invoice.id}:returned`,
    invoiceId: invoice.id,
    at,
  })
}

/** Invoices that are charged by us are due at once; those that wait for the payer have their term. */
const dueAt = (draft: Invoice, at: Instant, settings: Entered['settings']): Instant =>
  draft.collection === 'automatic' ? at : addLocalDays(at, settings.paymentTermDays, settings.zone)
