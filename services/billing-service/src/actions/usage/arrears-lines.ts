// The lines of an ended period: its usage as the totals stand now, and the top-up to the minimum spend. A
// draft asks once when it is made and once more when it becomes a demand.
import type { Arrears, Invoice, InvoiceLine } from '../../core/invoice.ts'
import { sumMinor } from '../../core/money.ts'
import { priceOf } from '../../core/plan.ts'
import type { Subscription } from '../../core/subscription.ts'
import {
  chargedForPeriod,
  minimumLines,
  type Quantities,
  usageLines,
} from '../../core/usage-lines.ts'
import type { Deps } from '../../deps.ts'
import type { TenantTransaction } from '../../ports/store.ts'
import { quantitiesOf } from './quantities.ts'

type Agreement = Pick<Subscription, 'id' | 'currency' | 'quantity' | 'billingCycle'>

/** Every invoice of a subscription, newest first. */
export async function invoicesOf(
  tx: Pick<TenantTransaction, 'list'>,
  subscriptionId: Subscription['id'],
): Promise<readonly Invoice[]> {
  const { rows } = await tx.list('invoices', {
    where: { subscriptionId },
    order: { field: 'createdAt', direction: 'desc' },
    limit: 1000,
  })
  return rows
}

/** Usage and minimum spend of a period that has ended, by the terms it ended with; `known` is what it used, once read. */
export async function arrearsLines(
  deps: Pick<Deps, 'ids'>,
  tx: TenantTransaction,
  subscription: Agreement,
  arrears: Arrears,
  known?: Quantities,
): Promise<InvoiceLine[]> {
  const { currency } = subscription
  const newId = () => deps.ids.next('invoiceLine')
  const plan = await tx.get('plans', arrears.planId)
  const used = known ?? (await quantitiesOf(tx, subscription.id, arrears.start))
  const seats = arrears.quantity ?? subscription.quantity
  const usage = usageLines(newId, plan, used, arrears, { currency, seats })
  const price = priceOf(plan, currency, arrears.billingCycle ?? subscription.billingCycle)
  if (!price.minimumMinor) return usage
  const charged = chargedForPeriod(await invoicesOf(tx, subscription.id), plan, arrears)
  const usageMinor = sumMinor(usage.map(line => line.amountMinor))
  return [...usage, ...minimumLines(newId, plan, price, arrears, { ...charged, usageMinor })]
}
