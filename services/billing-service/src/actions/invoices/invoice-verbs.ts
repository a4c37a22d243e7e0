// What the issuer does with invoices by hand: write, finalise, withdraw, give up, delete.
import type { Caller } from '../../core/caller.ts'
import {
  amountDueMinor,
  assertNothingGivenBack,
  type Invoice,
  voidInvoice,
} from '../../core/invoice.ts'
import { invoiceVoided } from '../../core/ledger.ts'
import { assertChargeable, exponentOf } from '../../core/money.ts'
import { draftInvoice, type ManualItem, manualLine } from '../../core/pricing.ts'
import { refuse } from '../../core/refusal.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { giveByHand } from '../approvals/give-by-hand.ts'
import { returnDiscounts } from '../coupons/use-discounts.ts'
import { customerOf, enter } from '../enter.ts'
import { assertOurs } from '../mirror/limits.ts'
import { assertNoPaymentRunning } from '../payments/charge.ts'
import { closeCheckout } from '../payments/checkout.ts'
import { book, record } from '../record.ts'
import { taxTermsOf } from '../tax/tax-terms.ts'
import { invoicesOf } from '../usage/arrears-lines.ts'
import { returnLate } from '../usage/late-usage.ts'
import { afterDebt, giveUp } from './give-up.ts'
import { issueInvoice, returnBalance } from './issue-invoice.ts'
import { removeDraft } from './remove-draft.ts'

export interface CreateInvoice {
  readonly customerId?: string | undefined
  readonly currency?: string | undefined
  readonly lineItems: readonly ManualItem[]
  readonly dueAt: Instant | null
  readonly autoFinalize: boolean
  readonly collection: 'automatic' | 'manual'
  readonly metadata: Readonly<Record<string, string>>
}

/** Writes an invoice by hand and, unless told otherwise, issues it at once. */
export async function createInvoice(
  deps: Deps,
  caller: Caller,
  input: CreateInvoice,
): Promise<Invoice> {
  const entered = await enter(deps, caller)
  const currency = input.currency ?? entered.settings.currency
  exponentOf(currency)
  const customer = await customerOf(
    deps.store.of(caller.tenantId),
    entered.tenant,
    input.customerId,
  )
  const { settings, at } = entered
  const tax = await taxTermsOf(deps, deps.store.of(caller.tenantId), customer, settings, at)
  const draft = draftInvoice({
    id: deps.ids.next('invoice'),
    tenantId: caller.tenantId,
    customerId: customer.id,
    subscription: null,
    billingReason: 'manual',
    currency,
    lines: input.lineItems.map((item, i) =>
      manualLine(deps.ids.next('invoiceLine'), item, currency, `/lineItems/${i}`),
    ),
    discounts: [],
    tax,
    collection: input.collection,
    paymentMethodId: null,
    period: null,
    dueAt: input.dueAt,
    metadata: input.metadata,
    at: entered.at,
  })
  if (draft.totalMinor < 0) {
    refuse('invalid_request', {}, [
      { path: '/lineItems', message: 'must not add up to less than 0; a credit is a credit note' },
    ])
  }
  assertChargeable(draft.totalMinor, currency)
  return deps.store.transaction(caller.tenantId, async tx => {
    if (input.autoFinalize) {
      return issueInvoice(deps, tx, caller, entered, draft, { stored: false, collect: true })
    }
    await tx.insert('invoices', draft)
    await record(deps, tx, caller, entered.at, [
      { type: 'invoice.drafted', objectId: draft.id, data: { totalMinor: draft.totalMinor } },
    ])
    return draft
  })
}

/** Gives a draft its number. Refuses `invoice_not_draft`. */
export async function finalizeInvoice(deps: Deps, caller: Caller, id: string): Promise<Invoice> {
  const entered = await enter(deps, caller)
  return deps.store.transaction(caller.tenantId, async tx => {
    const draft = await tx.lock('invoices', id)
    return issueInvoice(deps, tx, caller, entered, draft, { stored: true, collect: true })
  })
}

/** Deletes a draft; nothing else ever goes away. Refuses `invoice_not_draft`. */
export async function deleteDraft(deps: Deps, caller: Caller, id: string): Promise<void> {
  const { at } = await enter(deps, caller)
  await deps.store.transaction(caller.tenantId, async tx => {
    const draft = await tx.lock('invoices', id)
    if (draft.status !== 'draft') refuse('invoice_not_draft', { status: draft.status })
    await removeDraft(deps, tx, caller, at, draft)
  })
}

/** Withdraws an open invoice and what was waiting for it. Refuses as core and `payment_in_progress`. */
export async function voidOpenInvoice(deps: Deps, caller: Caller, id: string): Promise<Invoice> {
  const { at } = await enter(deps, caller)
  await closeCheckout(deps, caller, id)
  return deps.store.transaction(caller.tenantId, async tx => {
    const open = await tx.lock('invoices', id)
    assertOurs(open)
    const voided = voidInvoice(open, at)
    await assertTimeIsItsOwn(tx, open)
    await assertNoPaymentRunning(tx, open)
    const saved = await tx.replace('invoices', voided)
    const givenUpMinor = open.status === 'uncollectible' ? amountDueMinor(open) : 0
    await book(deps, tx, caller.tenantId, at, [invoiceVoided(saved, givenUpMinor)])
    await returnBalance(deps, tx, saved, at)
    await returnLate(tx, saved)
    await afterDebt(tx, saved, at)
    await record(deps, tx, caller, at, [{ type: 'invoice.voided', objectId: id, data: {} }])
    await returnDiscounts(deps, tx, caller, saved, at)
    return saved
  })
}

async function assertTimeIsItsOwn(tx: TenantTransaction, open: Invoice): Promise<void> {
  if (open.subscriptionId === null) return
  const { pendingLines } = await tx.get('subscriptions', open.subscriptionId)
  const waiting = { status: 'open', lines: pendingLines } as const
  assertNothingGivenBack(open, [...(await invoicesOf(tx, open.subscriptionId)), waiting])
}

/**
 * Gives an open invoice up: the debt moves to bad debt, shown as an adjustment. Refuses `change_pending`
 * for the invoice of a change that waits for its payment: bad debt may still be paid, and would then
 * buy nothing. Such an invoice is voided, which drops the change. Above the limit it waits (`AwaitsApproval`).
 */
export async function writeOff(deps: Deps, caller: Caller, id: string): Promise<Invoice> {
  const entered = await enter(deps, caller)
  return giveByHand(deps, caller, async tx => {
    const open = await tx.lock('invoices', id)
    assertOurs(open)
    await assertNoChangeWaits(tx, open)
    const done = await giveUp(deps, tx, caller, entered, open)
    const { customerId, currency } = open
    const what = { kind: 'write_off', objectId: id, input: {}, reason: caller.reason } as const
    const amountMinor = amountDueMinor(open)
    return { done, given: { ...what, customerId, currency, amountMinor, resultId: id } }
  })
}

async function assertNoChangeWaits(tx: TenantTransaction, open: Invoice): Promise<void> {
  if (open.subscriptionId === null) return
  const { pendingChange } = await tx.lock('subscriptions', open.subscriptionId)
  if (pendingChange?.invoiceId !== open.id) return
  refuse('change_pending', { plan: pendingChange.planCode, invoiceId: open.id })
}
