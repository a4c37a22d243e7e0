// The notices of live tenants that are due now, looked for across tenants and given once each.
import type { TenantId } from '../../core/ids.ts'
import {
  type DueNotice,
  expiryNotice,
  latestDue,
  overdueNotices,
  renewalNotice,
} from '../../core/notices.ts'
import { isFree, type Plan, priceOf } from '../../core/plan.ts'
import type { Subscription } from '../../core/subscription.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { type Entered, enter } from '../enter.ts'
import { giveNotice } from './give-notice.ts'

const dayMs = 86_400_000
const aheadMaxMs = 31 * dayMs

interface Addressed {
  readonly tenantId: TenantId
  readonly notice: DueNotice
}

/** Reminders before renewals and trial ends. Answers how many were new. */
export async function remindRenewals(deps: Deps): Promise<number> {
  const now = deps.clock.real()
  const entered = enteredOnce(deps)
  const plans = new Map<string, Plan>()
  const soon = deps.store.system.stream('subscriptions', {
    where: { clock: 'live' },
    range: { field: 'nextBillingAt', from: now, to: now + aheadMaxMs },
    order: { field: 'nextBillingAt', direction: 'asc' },
  })
  return give(deps, soon, async subscription => {
    const { settings, at } = await entered(subscription.tenantId)
    const plan =
      plans.get(subscription.planId) ?? (await deps.store.system.get('plans', subscription.planId))
    plans.set(plan.id, plan)
    const { reminderDays } = settings
    const notice = renewalNotice(subscription, {
      reminderDays,
      free: costsNothing(plan, subscription),
    })
    return notice !== null && notice.dueAt <= at ? notice : null
  })
}

/** Whether a plan costs nothing in advance under the terms of a subscription. */
export const costsNothing = (plan: Plan, subscription: Subscription): boolean =>
  isFree(priceOf(plan, subscription.currency, subscription.billingCycle))

/** Notices about overdue invoices by stage. Answers how many were new. */
export async function remindOverdue(deps: Deps): Promise<number> {
  const now = deps.clock.real()
  const open = deps.store.system.stream('invoices', {
    where: { clock: 'live', status: 'open' },
    range: { field: 'dueAt', from: now - 60 * dayMs, to: now },
    order: { field: 'dueAt', direction: 'asc' },
  })
  return give(deps, open, async invoice =>
    invoice.processorId === null ? latestDue(overdueNotices(invoice), now) : null,
  )
}

/** Notices about cards that end soon. Answers how many were new. */
export async function remindExpiring(deps: Deps): Promise<number> {
  const now = deps.clock.real()
  const entered = enteredOnce(deps)
  const active = deps.store.system.stream('paymentMethods', {
    where: { status: 'active' },
    order: { field: 'createdAt', direction: 'asc' },
  })
  return give(deps, active, async method => {
    const notice = expiryNotice(method)
    if (notice === null || notice.dueAt > now) return null
    const { tenant } = await entered(method.tenantId)
    return tenant.kind === 'live' ? notice : null
  })
}

const pageSize = 500

async function give<R extends { readonly tenantId: TenantId }>(
  deps: Deps,
  rows: AsyncIterable<R>,
  noticeOf: (row: R) => Promise<DueNotice | null>,
): Promise<number> {
  let given = 0
  let page: Addressed[] = []
  for await (const row of rows) {
    const notice = await noticeOf(row)
    if (notice !== null) page.push({ tenantId: row.tenantId, notice })
    if (page.length < pageSize) continue
    given += await givePage(deps, page)
    page = []
  }
  return given + (await givePage(deps, page))
}

async function givePage(deps: Deps, page: readonly Addressed[]): Promise<number> {
  const keys = page.map(({ tenantId, notice }) => ({ tenantId, id: notice.id }))
  const given = await deps.store.system.getMany('notices', keys)
  const known = new Set(given.map(row => `${row.tenantId} ${row.id}`))
  const at: Instant = deps.clock.real()
  let fresh = 0
  for (const { tenantId, notice } of page) {
    if (known.has(`${tenantId} ${notice.id}`)) continue
    if (await giveNotice(deps, tenantId, notice, at)) fresh += 1
  }
  return fresh
}

/** Each tenant is entered once per run. */
function enteredOnce(deps: Deps): (tenantId: TenantId) => Promise<Entered> {
  const seen = new Map<string, Entered>()
  return async tenantId => {
    const known = seen.get(tenantId) ?? (await enter(deps, { tenantId }))
    seen.set(tenantId, known)
    return known
  }
}
