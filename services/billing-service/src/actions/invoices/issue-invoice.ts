// The moment a draft becomes a demand: number, snapshot of the buyer, ledger lines, event; one transaction.
import type { Caller } from '../../core/caller.ts'
import type { Customer } from '../../core/customer.ts'
import { finalizeDraft, type Invoice, type PartySnapshot } from '../../core/invoice.ts'
import { invoiceFinalized } from '../../core/ledger.ts'
import { addLocalDays, type Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import type { Entered } from '../enter.ts'
import { book, record } from '../record.ts'

const prefixTriesMax = 20
const numberDigits = 4

/** The tenant's number prefix: assigned at its first finalisation, unique in the deployment, never reused. */
async function numberPrefix(deps: Deps, tx: TenantTransaction, tenantId: string, at: Instant) {
  const tenant = await tx.lock('tenants', tenantId)
  if (tenant.numberPrefix !== null) return tenant.numberPrefix
  for (let tries = 0; tries < prefixTriesMax; tries += 1) {
    const prefix = deps.ids.numberPrefix()
    const row = { id: prefix, owner: tenantId, createdAt: at }
    const written = await tx.insertMany('numberPrefixes', [row], { onConflict: 'skip' })
    if (written === 0) continue
    await tx.replace('tenants', { ...tenant, numberPrefix: prefix, updatedAt: at })
    return prefix
  }
  throw new Error(`no free number prefix in ${prefixTriesMax} tries`)
}

/** Who is billed, as known when the invoice is issued. */
export const buyerOf = (customer: Customer): PartySnapshot => ({
  name: customer.name,
  email: customer.email,
  address: customer.address,
  taxIds: customer.taxIds,
  purchaseOrder: customer.purchaseOrder,
})

/**
 * Finalises a draft that is stored already (`stored`) or new. Numbers are taken in this transaction, so a
 * failed one leaves no gap.
 */
export async function issueInvoice(
  deps: Deps,
  tx: TenantTransaction,
  caller: Caller,
  { tenant, settings, at, now }: Entered,
  draft: Invoice,
  options: { readonly stored: boolean },
): Promise<Invoice> {
  const customer = await tx.get('customers', draft.customerId)
  const prefix = await numberPrefix(deps, tx, draft.tenantId, now)
  const first = (await tx.takeNumbers({ [prefix]: 1 }))[prefix]
  const open = finalizeDraft(
    { ...draft, clock: tenant.kind },
    {
      at,
      number: `${prefix}-${String(first).padStart(numberDigits, '0')}`,
      buyer: buyerOf(customer),
      issuer: deps.issuer,
      dueAt: draft.dueAt ?? dueAt(draft, at, settings),
    },
  )
  if (options.stored) await tx.replace('invoices', open)
  else await tx.insert('invoices', open)
  const issued = options.stored ? { ...open, version: open.version + 1 } : open
  await book(deps, tx, draft.tenantId, at, [invoiceFinalized(issued)])
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
  ])
  return issued
}

/** Invoices that are charged by us are due at once; those that wait for the payer have their term. */
const dueAt = (draft: Invoice, at: Instant, settings: Entered['settings']): Instant =>
  draft.collection === 'automatic' ? at : addLocalDays(at, settings.paymentTermDays, settings.zone)
