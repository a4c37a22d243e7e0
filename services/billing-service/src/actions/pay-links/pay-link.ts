// Links to pay an invoice without signing in, and what their holder may do: see what is owed, give a method,
// pay at once. A link is worth nothing once its invoice is off the table.
import type { Caller } from '../../core/caller.ts'
import { declineOf } from '../../core/declines.ts'
import { amountDueMinor, assertPayable, type Invoice } from '../../core/invoice.ts'
import type { Transaction } from '../../core/payment.ts'
import { refuse } from '../../core/refusal.ts'
import { type Instant, toIso } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { LinkClaims, LinkPurpose } from '../../ports/links.ts'
import { enter } from '../enter.ts'
import { payInvoice } from '../invoices/pay-invoice.ts'
import { addPaymentMethod } from '../payment-methods/add-method.ts'
import { prepareSetup, type SetupPrepared } from '../payment-methods/method-verbs.ts'
import { type CheckoutPage, checkoutInvoice } from '../payments/checkout.ts'
import type { PaymentResult } from '../payments/payment-result.ts'
import { record } from '../record.ts'

const dayMs = 86_400_000
/** As long as a debt is usually chased. */
const usualDays = 30

export interface PayLink {
  readonly url: string
  readonly expiresAt: Instant
}

/** The address of a new link; `fix` links also change what pays from then on. */
export function linkTo(
  deps: Pick<Deps, 'links' | 'publicUrl' | 'clock'>,
  about: { readonly tenantId: string; readonly invoiceId: Invoice['id'] },
  purpose: LinkPurpose,
  days = usualDays,
): PayLink {
  // To the second, as the link carries it.
  const expiresAt = Math.floor((deps.clock.real() + days * dayMs) / 1_000) * 1_000
  const token = deps.links.sign({ ...about, purpose, expiresAt })
  return { url: `${deps.publicUrl}/${purpose === 'pay' ? 'p' : 'f'}/${token}`, expiresAt }
}

/** Makes a link for an invoice. Refuses `not_found` and what stands in the way of paying it. */
export async function createPayLink(
  deps: Deps,
  caller: Caller,
  invoiceId: string,
  input: { readonly purpose?: LinkPurpose | undefined; readonly days?: number | undefined },
): Promise<PayLink> {
  const invoice = await deps.store.of(caller.tenantId).get('invoices', invoiceId)
  assertPayable(invoice)
  const { at } = await enter(deps, caller)
  const purpose = input.purpose ?? 'pay'
  const link = linkTo(deps, { ...invoice, invoiceId: invoice.id }, purpose, input.days)
  // Who handed the right to pay out, never the link itself.
  await deps.store.transaction(caller.tenantId, tx =>
    record(deps, tx, caller, at, [
      {
        type: 'invoice.link_made',
        objectId: invoice.id,
        data: { purpose, expiresAt: toIso(link.expiresAt) },
      },
    ]),
  )
  return link
}

/** Who comes by a link: allowed what the link says, and nothing of the issuer's. */
function holderOf(claims: LinkClaims, request: Pick<Caller, 'requestId' | 'language' | 'origin'>) {
  const caller: Caller = {
    ...request,
    tenantId: claims.tenantId,
    subject: `link:${claims.purpose}:${claims.invoiceId}`,
    role: 'link',
    requestKey: null,
    reason: null,
    mayAsIssuer: () => false,
  }
  return caller
}

export interface Held {
  readonly claims: LinkClaims
  readonly caller: Caller
  readonly invoice: Invoice
}

/** Opens a link. Refuses `not_found`, in the same words whatever is wrong with it. */
export async function openLink(
  deps: Deps,
  token: string,
  request: Pick<Caller, 'requestId' | 'language' | 'origin'>,
): Promise<Held> {
  const claims = deps.links.read(token, deps.clock.real())
  if (claims === null || claims.purpose === 'export') {
    return refuse('not_found', { noun: 'link', nounZh: '链接' })
  }
  const invoice = await deps.store.of(claims.tenantId).find('invoices', claims.invoiceId)
  if (invoice === null || invoice.status === 'draft') {
    return refuse('not_found', { noun: 'link', nounZh: '链接' })
  }
  return { claims, caller: holderOf(claims, request), invoice }
}

/** What somebody who holds a link may see: who asks for how much, and why the last try failed. */
export interface LinkView {
  readonly purpose: LinkPurpose
  readonly status: Invoice['status'] | 'processing'
  readonly issuerName: string | null
  readonly invoice: Invoice
  readonly dueMinor: number
  /** The customer's, else the tenant's, as in mails. */
  readonly zone: string
  readonly processor: 'sandbox' | 'stripe'
  readonly lastTry: Transaction | null
  readonly lastReason: { readonly en: string; readonly 'zh-CN': string } | null
}

export async function viewLink(deps: Deps, held: Held): Promise<LinkView> {
  const { claims, caller, invoice } = held
  const { settings } = await enter(deps, caller)
  const reads = deps.store.of(claims.tenantId)
  const customer = await reads.get('customers', invoice.customerId)
  const { rows } = await reads.list('transactions', {
    where: { invoiceId: invoice.id },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 20,
  })
  const lastTry = rows.find(row => row.type === 'payment') ?? null
  const failed = lastTry?.status === 'failed'
  return {
    purpose: claims.purpose,
    status: lastTry?.status === 'processing' ? 'processing' : invoice.status,
    issuerName: invoice.issuer?.name ?? deps.issuer.name,
    invoice,
    dueMinor: amountDueMinor(invoice),
    zone: customer.zone ?? settings.zone,
    processor: deps.sandbox ? 'sandbox' : 'stripe',
    lastTry,
    lastReason: failed ? declineOf(lastTry).sentence : null,
  }
}

/** Prepares the form for another method. Refuses what stands in the way of paying. */
export async function setupByLink(
  deps: Deps,
  { caller, invoice }: Held,
  type: 'card' | 'bank_account' | undefined,
): Promise<SetupPrepared> {
  assertPayable(invoice)
  return prepareSetup(deps, caller, { type, customerId: invoice.customerId })
}

/**
 * Pays at once: with the method given, which a `fix` link makes the default (so that other failed invoices are
 * tried with it as well) unless the payer declines that, or with the one there is. Refuses `payment_declined` and what stands in the way.
 */
export async function payByLink(
  deps: Deps,
  { claims, caller, invoice }: Held,
  input: {
    readonly paymentMethodId?: string | undefined
    readonly setDefault?: boolean | undefined
  },
): Promise<{ invoice: Invoice; payment: PaymentResult | null }> {
  assertPayable(invoice)
  await enter(deps, caller)
  if (input.paymentMethodId === undefined) return payInvoice(deps, caller, invoice.id, {})
  const method = await addPaymentMethod(deps, caller, {
    processorMethodId: input.paymentMethodId,
    customerId: invoice.customerId,
    setDefault: claims.purpose === 'fix' && input.setDefault !== false,
  })
  return payInvoice(deps, caller, invoice.id, { paymentMethodId: method.id })
}

/** A hosted page to pay on, for wallets. */
export const checkoutByLink = (deps: Deps, { caller, invoice }: Held): Promise<CheckoutPage> =>
  checkoutInvoice(deps, caller, invoice.id)
