// What is proved of the ledger: every posting balances, and its accounts say what invoices and balances say.

import type { CreditNote } from '../../core/credit-note.ts'
import { amountDueMinor, type Invoice } from '../../core/invoice.ts'
import type { Account } from '../../core/ledger.ts'
import {
  type BookReads,
  everyTenant,
  inBatches,
  type OpenProof,
  type Proof,
  type Proving,
  proofOf,
  sum,
} from './proof.ts'

/** Debits equal credits in each posting, which makes them equal per tenant and currency too. */
export async function provePostings(deps: Proving): Promise<Proof> {
  const proof = proofOf('debits equal credits in every posting')
  for await (const { tenantId, reads } of everyTenant(deps)) {
    const open = new Map<string, { minor: number; first: string }>()
    for await (const row of reads.stream('ledgerEntries', {})) {
      proof.compared()
      const key = `${row.postingId} in ${row.currency}`
      const { minor, first } = open.get(key) ?? { minor: 0, first: row.id }
      // What is balanced so far needs no memory; one more line opens it again.
      if (minor + row.amountMinor === 0) open.delete(key)
      else open.set(key, { minor: minor + row.amountMinor, first })
    }
    for (const [key, { minor, first }] of open) {
      proof.broken(`${tenantId} ${first}: posting ${key} is ${minor} too much`)
    }
  }
  return proof.done()
}

type Booked = ReadonlyMap<string, number>

const bookedKey = (invoiceId: string, account: Account, kind?: string): string =>
  `${invoiceId} ${account} ${kind ?? ''}`

/** What stands on the accounts for some invoices, by account, and of payments by account and kind. */
async function bookedFor(reads: BookReads, invoices: readonly Invoice[]): Promise<Booked> {
  const groups = await reads.sum('ledgerEntries', {
    where: { invoiceId: { in: invoices.map(({ id }) => id) } },
    sum: ['amountMinor'],
    groupBy: ['invoiceId', 'account', 'kind'],
  })
  const booked = new Map<string, number>()
  for (const { group, sums } of groups) {
    const account = group.account as Account
    for (const kind of [undefined, String(group.kind)]) {
      const key = bookedKey(String(group.invoiceId), account, kind)
      booked.set(key, (booked.get(key) ?? 0) + Number(sums.amountMinor))
    }
  }
  return booked
}

/** What the receivable account must hold for an invoice: nothing once it is withdrawn or given up. */
const owedMinor = (invoice: Invoice): number =>
  invoice.status === 'open' || invoice.status === 'paid' ? amountDueMinor(invoice) : 0

async function notesOf(reads: BookReads, invoices: readonly Invoice[]) {
  const credited = invoices.filter(({ amountCreditedMinor }) => amountCreditedMinor > 0)
  const notes = new Map<string, CreditNote[]>()
  if (credited.length === 0) return notes
  const found = reads.stream('creditNotes', {
    where: { invoiceId: { in: credited.map(({ id }) => id) } },
  })
  for await (const note of found) {
    notes.set(note.invoiceId, [...(notes.get(note.invoiceId) ?? []), note])
  }
  return notes
}

/** Each invoice's debt, tax, discounts and payments are what the ledger holds for it. */
export async function proveInvoiceAccounts(deps: Proving): Promise<Proof> {
  const proof = proofOf('each invoice owes, taxes, discounts and was paid what the ledger says')
  for await (const { reads } of everyTenant(deps)) {
    for await (const invoices of inBatches(reads.stream('invoices', {}))) {
      const booked = await bookedFor(reads, invoices)
      const notes = await notesOf(reads, invoices)
      for (const invoice of invoices) {
        compareInvoice(proof, invoice, notes.get(invoice.id) ?? [], booked)
      }
    }
  }
  return proof.done()
}

function compareInvoice(
  proof: OpenProof,
  invoice: Invoice,
  notes: readonly CreditNote[],
  booked: Booked,
): void {
  const about = `${invoice.tenantId} ${invoice.id}`
  const on = (account: Account, kind?: string) =>
    booked.get(bookedKey(invoice.id, account, kind)) ?? 0
  const stands = invoice.status !== 'draft' && invoice.status !== 'void'
  const taxMinor = stands ? invoice.taxMinor - sum(notes.map(note => note.taxMinor)) : 0
  const discountMinor = stands
    ? invoice.discountMinor - sum(notes.map(note => note.discountMinor))
    : 0
  const paidMinor =
    -on('receivable', 'payment_received') -
    on('bad_debt', 'payment_received') -
    on('receivable', 'payment_reversed') -
    on('bad_debt', 'payment_reversed')
  proof.equal(about, 'owed and in the ledger', owedMinor(invoice), on('receivable'))
  proof.equal(about, 'tax and in the ledger', taxMinor, -on('tax_payable'))
  proof.equal(about, 'discounts and in the ledger', discountMinor, on('discounts'))
  proof.equal(about, 'paid and in the ledger', invoice.amountPaidMinor, paidMinor)
}

/** The account of customer credit is what balances hold, and a balance is what its entries add up to. */
export async function proveCredits(deps: Proving): Promise<Proof> {
  const proof = proofOf('credit balances are what their entries and the ledger say')
  for await (const { tenantId, reads } of everyTenant(deps)) {
    const booked = await reads.sum('ledgerEntries', {
      where: { account: 'customer_credit' },
      sum: ['amountMinor'],
      groupBy: ['currency'],
    })
    const ledger = new Map(
      booked.map(({ group, sums }) => [String(group.currency), -Number(sums.amountMinor)]),
    )
    const held = await compareBalances(proof, tenantId, reads)
    for (const currency of [...new Set([...ledger.keys(), ...held.keys()])].sort()) {
      const about = `${tenantId} ${currency}`
      const [balances, accounts] = [held.get(currency) ?? 0, ledger.get(currency) ?? 0]
      proof.equal(about, 'balances and the ledger', balances, accounts)
    }
  }
  return proof.done()
}

async function compareBalances(proof: OpenProof, tenantId: string, reads: BookReads) {
  const entries = await reads.sum('creditEntries', {
    sum: ['amountMinor'],
    groupBy: ['balanceId'],
  })
  const moved = new Map(
    entries.map(({ group, sums }) => [String(group.balanceId), Number(sums.amountMinor)]),
  )
  const held = new Map<string, number>()
  for await (const balance of reads.stream('creditBalances', {})) {
    const about = `${tenantId} ${balance.id}`
    const { balanceMinor, currency } = balance
    const lots = sum(balance.lots.map(lot => lot.leftMinor))
    proof.equal(about, 'balance and its entries', balanceMinor, moved.get(balance.id) ?? 0)
    proof.equal(about, 'balance and its lots', Math.max(0, balanceMinor), lots)
    held.set(currency, (held.get(currency) ?? 0) + balanceMinor)
  }
  return held
}
