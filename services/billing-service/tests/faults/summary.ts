// What a run did, in counts. It judges nothing.
import type { Transaction } from '../../src/core/payment.ts'
import type { Store } from '../../src/ports/store.ts'
import { readOurs } from './compare.ts'
import { neverStruck, type Struck } from './mischief.ts'
import type { Told } from './work.ts'

interface Facts {
  readonly kills: number
  readonly restarts: number
  readonly seed: number
  readonly seconds: number
  /** Payments that never began and were paid after all. */
  readonly again: number
  readonly struck: Struck
}

function byStatus(rows: readonly Transaction[]): string {
  const found = new Map<string, number>()
  for (const { status } of rows) found.set(status, (found.get(status) ?? 0) + 1)
  return [...found].map(([status, count]) => `${count} ${status}`).join(', ') || 'none'
}

/** Who brought payments and refunds to their end: the request itself, a webhook, or reconciliation. */
async function settledBy(store: Store): Promise<string> {
  const groups = await store.system.sum('auditLines', { sum: [], groupBy: ['actor', 'action'] })
  const ends = groups.filter(({ group }) =>
    /^(payment|refund)\.(succeeded|failed|canceled)$/.test(String(group.action)),
  )
  const by = { request: 0, webhook: 0, reconcile: 0 }
  for (const { group, count } of ends) {
    const name = String(group.actor).replace('job:', '')
    by[name === 'webhook' || name === 'reconcile' ? name : 'request'] += count
  }
  return `${by.request} by the request, ${by.webhook} by a webhook, ${by.reconcile} reconciled`
}

/** The lines of the summary. */
export async function summaryOf(store: Store, told: Told, facts: Facts): Promise<string[]> {
  const ours = await readOurs(store)
  const payments = ours.filter(({ type }) => type === 'payment')
  const debits = payments.filter(({ methodType }) => methodType === 'bank_account')
  const cards = payments.filter(({ methodType }) => methodType !== 'bank_account')
  const refunds = ours.filter(({ type }) => type === 'refund')
  const faults = Object.entries(facts.struck).map(([kind, count]) => `${count} ${kind}`)
  const missing = neverStruck(facts.struck)
  return [
    `card payments  ${cards.length} tried: ${byStatus(cards)}`,
    `bank debits    ${debits.length} tried: ${byStatus(debits)}`,
    `refunds        ${refunds.length} tried: ${byStatus(refunds)}`,
    `settled        ${await settledBy(store)}`,
    `called off     ${facts.again} that the processor never saw, paid after all`,
    `answers        ${told.unheard} never heard, ${told.declined} declines heard`,
    `faults         ${faults.sort().join(', ')}`,
    ...(missing.length > 0 ? [`not struck     ${missing.join(', ')}`] : []),
    `kills          ${facts.kills} by SIGKILL, ${facts.restarts} restarts`,
    `seed           ${facts.seed}`,
    `seconds        ${facts.seconds}`,
  ]
}
