// Where the facts of reports come from: ledger lines with their documents, sums, and lists, of one tenant or
// of all. Nothing is added up here that a fold could add up.
import type { Facts } from '../../core/reports/facts.ts'
import type { Asked } from '../../core/reports/report.ts'
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Group, Reads } from '../../ports/store.ts'
import { inBatches } from '../verify/proof.ts'
import { accountFacts, settledFacts } from './account-facts.ts'
import { documentFacts, moneyFacts, owedFacts } from './booked-facts.ts'
import { contractFacts } from './contract-facts.ts'
import { movementFacts } from './movement-facts.ts'

/** Whose facts are read. */
export interface ReportScope {
  readonly reads: Reads<CollectionName>
  /** Null: all tenants together. */
  readonly tenantId: string | null
  readonly tenants: 'live' | 'all'
  /** Tenants that are left out of what is read of all. */
  readonly without: ReadonlySet<string>
}

type Source<S extends keyof Facts> = (
  scope: ReportScope,
  asked: Asked,
) => AsyncIterable<Facts[S]> | Promise<readonly Facts[S][]>

const textOf = ({ group }: Group, field: string): string | null =>
  group[field] == null ? null : String(group[field])

async function attemptFacts(scope: ReportScope, { from, to }: Asked) {
  const groups = await scope.reads.sum('transactions', {
    where: { type: 'payment' },
    range: { field: 'createdAt', from, to },
    sum: ['amountMinor'],
    groupBy: ['tenantId', 'status', 'methodType', 'currency', 'failureCode', 'declineCode'],
  })
  return groups
    .filter(({ group }) => !scope.without.has(String(group.tenantId)))
    .map(group => ({
      status: String(group.group.status),
      methodType: textOf(group, 'methodType'),
      currency: String(group.group.currency),
      failureCode: textOf(group, 'failureCode'),
      declineCode: textOf(group, 'declineCode'),
      count: group.count,
      amountMinor: Number(group.sums.amountMinor),
    }))
}

async function* invoiceFacts({ reads, without }: ReportScope, { from, to }: Asked) {
  const found = reads.stream('invoices', {
    range: { field: 'createdAt', from, to },
    order: { field: 'createdAt', direction: 'asc' },
  })
  for await (const invoice of found) if (!without.has(invoice.tenantId)) yield invoice
}

async function usageFacts({ reads, without }: ReportScope) {
  const groups = await reads.sum('usageTotals', {
    sum: ['quantity', 'events'],
    groupBy: ['tenantId', 'metric', 'day'],
  })
  return groups
    .filter(({ group }) => !without.has(String(group.tenantId)))
    .map(({ group, sums }) => ({
      metric: String(group.metric),
      day: String(group.day),
      quantity: sums.quantity ?? '0',
      events: Number(sums.events),
    }))
}

async function* trialFacts({ reads, without }: ReportScope, { from, to }: Asked) {
  const found = reads.stream('subscriptions', {
    range: { field: 'createdAt', from, to },
    order: { field: 'createdAt', direction: 'asc' },
  })
  for await (const some of inBatches(found)) {
    const tried = some.filter(each => each.trialStart !== null && !without.has(each.tenantId))
    if (tried.length === 0) continue
    const moved = await reads.sum('mrrMovements', {
      where: {
        tenantId: { in: [...new Set(tried.map(each => each.tenantId))] },
        subscriptionId: { in: tried.map(({ id }) => id) },
      },
      sum: ['changeMinor'],
      groupBy: ['tenantId', 'subscriptionId'],
    })
    const worth = new Set(moved.map(({ group }) => `${group.tenantId} ${group.subscriptionId}`))
    for (const { tenantId, id, trialStart, status } of tried) {
      const converted = worth.has(`${tenantId} ${id}`)
      yield { startedAt: trialStart!, running: status === 'trialing', converted }
    }
  }
}

const sources: { readonly [S in keyof Facts]: Source<S> } = {
  documents: documentFacts,
  money: moneyFacts,
  accounts: accountFacts,
  settled: settledFacts,
  owed: owedFacts,
  attempts: attemptFacts,
  invoices: invoiceFacts,
  usage: usageFacts,
  movements: movementFacts,
  trials: trialFacts,
  contracts: contractFacts,
}

/** The facts of a source, one after the other. */
export async function* factsOf<S extends keyof Facts>(
  source: S,
  scope: ReportScope,
  asked: Asked,
): AsyncGenerator<Facts[S]> {
  yield* await sources[source](scope, asked)
}

/** What one tenant may see of itself, or the issuer of all; test tenants are no business. */
export async function scopeOf(
  deps: Pick<Deps, 'store'>,
  tenantId: string | null,
  tenants: 'live' | 'all',
): Promise<ReportScope> {
  if (tenantId !== null) {
    return { reads: deps.store.of(tenantId), tenantId, tenants, without: new Set() }
  }
  const without = new Set<string>()
  if (tenants === 'live') {
    for await (const tenant of deps.store.system.stream('tenants', {})) {
      if (tenant.kind === 'test') without.add(tenant.tenantId)
    }
  }
  return { reads: deps.store.system, tenantId, tenants, without }
}
