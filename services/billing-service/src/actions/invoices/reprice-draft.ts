// A draft with other lines: tax and totals anew, everything else stays as drafted.
import type { Invoice, InvoiceLine } from '../../core/invoice.ts'
import { draftInvoice } from '../../core/pricing.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { liveDiscounts } from '../coupons/use-discounts.ts'
import type { Entered } from '../enter.ts'
import { taxTermsOf } from '../tax/tax-terms.ts'

/** The draft over other lines; it is not saved, and its discounts are not counted anew. What it moved to the balance is worked out again. */
export async function repricedDraft(
  deps: Deps,
  tx: TenantTransaction,
  { settings, at }: Pick<Entered, 'settings' | 'at'>,
  draft: Invoice,
  lines: readonly InvoiceLine[],
): Promise<Invoice> {
  const customer = await tx.get('customers', draft.customerId)
  const { periodStart: start, periodEnd: end, subscriptionId } = draft
  const subscription =
    subscriptionId === null ? null : await tx.get('subscriptions', subscriptionId)
  const priced = draftInvoice({
    ...draft,
    subscription: subscription && {
      id: subscription.id,
      planCode: draft.planCode ?? subscription.planCode,
    },
    lines: lines.filter(line => line.kind !== 'balance_transfer'),
    discounts:
      subscription === null
        ? []
        : await liveDiscounts(tx, subscription, draft.arrears?.end ?? at, draft),
    tax: await taxTermsOf(deps, tx, customer, settings, at),
    period: start === null || end === null ? null : { start, end },
    at,
  })
  const { subtotalMinor, discountMinor, taxMinor, totalMinor, taxLines } = priced
  return {
    ...draft,
    lines: priced.lines,
    taxLines,
    subtotalMinor,
    discountMinor,
    taxMinor,
    totalMinor,
  }
}
