// The setup fee falls due once, with the first charge of a subscription: at its start, or at the end of its
// trial, or when a free plan becomes a paid one.
import type { InvoiceLine } from '../../core/invoice.ts'
import type { Plan, PlanPrice } from '../../core/plan.ts'
import { setupLines } from '../../core/setup-fee.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { invoicesOf } from '../usage/arrears-lines.ts'

/** Its lines, when nothing was charged for the subscription yet; an invoice that was withdrawn is none. */
export async function setupDue(
  deps: Pick<Deps, 'ids'>,
  tx: TenantTransaction,
  subscriptionId: Subscription['id'],
  plan: Plan,
  price: PlanPrice,
): Promise<InvoiceLine[]> {
  if (!price.setupMinor) return []
  const charged = (await invoicesOf(tx, subscriptionId))
    .filter(invoice => invoice.status !== 'void')
    .some(({ lines }) => lines.some(line => ['recurring', 'proration_charge'].includes(line.kind)))
  return charged ? [] : setupLines(() => deps.ids.next('invoiceLine'), plan, price)
}
