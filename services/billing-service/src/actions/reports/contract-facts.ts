// What forecasts are made from: the log of movements, billed usage, and what is planned for contracts that run.
import { bookedLines } from '../../core/reports/booked-lines.ts'
import { type ContractFact, monthsAhead } from '../../core/reports/forecast/contracts.ts'
import { isPlanned, plannedPlanIds, plannedValues } from '../../core/reports/forecast/planned.ts'
import type { Asked } from '../../core/reports/report.ts'
import type { Subscription } from '../../core/subscription.ts'
import { addLocal, namedPeriod } from '../../core/time.ts'
import { inBatches } from '../verify/proof.ts'
import { documentFacts } from './booked-facts.ts'
import { movementFacts } from './movement-facts.ts'
import type { ReportScope } from './sources.ts'

/** Usage is read for the month ends that are tried, those that their ranges come from, and a year before. */
const usageMonths = 36

async function* usedFacts(scope: ReportScope, asked: Asked): AsyncGenerator<ContractFact> {
  const { to, zone } = asked
  const from = addLocal(namedPeriod('month', zone, to).from, -usageMonths, 'months', zone)
  for await (const fact of documentFacts(scope, { ...asked, from })) {
    const { subscriptionId, currency } = fact.invoice
    if (subscriptionId === null) continue
    const usage = bookedLines(fact).filter(({ kind }) => kind === 'usage')
    const amountMinor = usage.reduce((sum, line) => sum + line.amountMinor - line.discountMinor, 0)
    if (amountMinor === 0) continue
    const { tenantId, at } = fact
    yield { kind: 'used', tenantId, subscriptionId, currency, at, amountMinor }
  }
}

/** Only of subscriptions as they still stood at the moment: what was planned earlier is not kept. */
async function* plannedFacts(
  { reads, without }: ReportScope,
  { to, zone }: Asked,
): AsyncGenerator<ContractFact> {
  const until = addLocal(to, monthsAhead + 1, 'months', zone)
  const isMeant = (each: Subscription) =>
    each.updatedAt < to && isPlanned(each) && !without.has(each.tenantId)
  const found = reads.stream('subscriptions', {
    range: { field: 'createdAt', to },
    order: { field: 'createdAt', direction: 'asc' },
  })
  for await (const some of inBatches(found)) {
    const planned = some.filter(isMeant)
    if (planned.length === 0) continue
    const plans = await reads.getMany('plans', [...new Set(planned.flatMap(plannedPlanIds))])
    const byId = new Map(plans.map(plan => [plan.id, plan]))
    for (const subscription of planned) {
      const { tenantId, id: subscriptionId, discounts } = subscription
      const keys = discounts.map(({ id }) => ({ tenantId, id }))
      const attached = keys.length === 0 ? [] : await reads.getMany('discounts', keys)
      const values = plannedValues(subscription, byId, attached, until)
      yield { kind: 'planned', tenantId, subscriptionId, values }
    }
  }
}

/** Movements first, in the order of their time; then usage, then plans. */
export async function* contractFacts(
  scope: ReportScope,
  asked: Asked,
): AsyncGenerator<ContractFact> {
  for await (const movement of movementFacts(scope, asked)) yield { kind: 'moved', movement }
  yield* usedFacts(scope, asked)
  yield* plannedFacts(scope, asked)
}
