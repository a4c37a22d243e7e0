// Dunning what-if: the failures of a span, read as they happened, replayed under changed settings.
import { declineOf } from '../../core/declines.ts'
import type { DunningSettings } from '../../core/dunning.ts'
import {
  type PastFailure,
  type Recovery,
  recoverySums,
  replayDunning,
} from '../../core/dunning-replay.ts'
import type { Invoice } from '../../core/invoice.ts'
import type { Transaction } from '../../core/payment.ts'
import { refuse } from '../../core/refusal.ts'
import { type BillingSettings, settingsOf, type Tenant } from '../../core/tenant.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { CollectionName } from '../../ports/collections.ts'
import type { Reads } from '../../ports/store.ts'

export interface DunningQuestion {
  /** Null: all live tenants. */
  readonly tenantId: string | null
  readonly from: Instant | null
  readonly to: Instant | null
  readonly settings: Partial<DunningSettings>
}

type Sums = ReturnType<typeof recoverySums>

export interface DunningAnswer {
  readonly from: Instant
  readonly to: Instant
  readonly invoices: number
  readonly complete: boolean
  readonly actual: Sums
  readonly simulated: Sums
}

const dayMs = 86_400_000
const spanDays = 90
const spanDaysMax = 366
/** Invoices that one question replays. */
const invoicesMax = 5_000
const recentMs = 30 * dayMs

/** Replays the failures of live tenants, or of one tenant of any kind. Refuses `not_found` for that one, `invalid_request` for a span that is empty or too long. */
export async function simulateDunning(
  deps: Deps,
  question: DunningQuestion,
): Promise<DunningAnswer> {
  const to = question.to ?? deps.clock.real()
  const from = question.from ?? to - spanDays * dayMs
  if (from >= to || to - from > spanDaysMax * dayMs) {
    const message = `must be later than from, by at most ${spanDaysMax} days`
    refuse('invalid_request', {}, [{ path: '/to', message }])
  }
  const actual: Recovery[] = []
  const simulated: Recovery[] = []
  let complete = true
  for await (const tenant of asked(deps, question.tenantId)) {
    const settings = settingsWith(settingsOf(tenant, deps.settings), question.settings)
    const reads = deps.store.of(tenant.tenantId)
    for (const invoice of await failedIn(reads, from, to)) {
      if (actual.length >= invoicesMax) {
        complete = false
        break
      }
      const read = await readFailure(reads, invoice)
      if (read === null) continue
      const about = {
        currency: invoice.currency,
        amountMinor: invoice.totalMinor,
        firstFailedAt: read.past.firstFailedAt,
      }
      actual.push({ ...about, recoveredAt: read.past.paidAt, retries: read.retries })
      simulated.push({ ...about, ...replayDunning(settings, read.past) })
    }
  }
  return {
    from,
    to,
    invoices: actual.length,
    complete,
    actual: recoverySums(actual),
    simulated: recoverySums(simulated),
  }
}

async function* asked(deps: Deps, tenantId: string | null): AsyncGenerator<Tenant> {
  if (tenantId !== null) {
    yield await deps.store.of(tenantId).get('tenants', tenantId)
    return
  }
  for await (const tenant of deps.store.system.stream('tenants', {})) {
    if (tenant.kind === 'live') yield tenant
  }
}

/** Attempts and interval that are asked about count, even where the tenant has a list of days. */
function settingsWith(own: BillingSettings, asked: Partial<DunningSettings>): DunningSettings {
  const spaced = asked.dunningAttempts !== undefined || asked.dunningIntervalDays !== undefined
  return { ...own, ...(spaced ? { dunningDays: null } : {}), ...asked }
}

/** Invoices whose first charge failed in the span, by their failed charges. */
async function failedIn(
  reads: Reads<CollectionName>,
  from: Instant,
  to: Instant,
): Promise<Invoice[]> {
  const ids = new Set<string>()
  const failed = reads.stream('transactions', {
    where: { status: 'failed' },
    range: { field: 'createdAt', from, to },
    order: { field: 'createdAt', direction: 'asc' },
  })
  for await (const { type, offSession, invoiceId } of failed) {
    if (type === 'payment' && offSession && invoiceId !== null) ids.add(invoiceId)
    if (ids.size > invoicesMax) break
  }
  const all = [...ids]
  const invoices: Invoice[] = []
  for (let at = 0; at < all.length; at += 1_000) {
    invoices.push(...(await reads.getMany('invoices', all.slice(at, at + 1_000))))
  }
  return invoices.filter(({ firstFailedAt, collection }) => {
    return collection === 'automatic' && firstFailedAt !== null && from <= firstFailedAt
  })
}

interface Read {
  readonly past: PastFailure
  /** Charges without the payer after the first one. */
  readonly retries: number
}

async function readFailure(reads: Reads<CollectionName>, invoice: Invoice): Promise<Read | null> {
  const { rows } = await reads.list('transactions', {
    where: { invoiceId: invoice.id },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 200,
  })
  const payments = rows.filter(row => row.type === 'payment')
  const failed = payments.filter(row => row.status === 'failed' && row.offSession)
  const first = failed[0]
  if (first === undefined) return null
  const paid = payments.find(row => row.status === 'succeeded')
  const tries = payments.filter(row => row.offSession && row.status !== 'canceled')
  const past: PastFailure = {
    firstFailedAt: invoice.firstFailedAt ?? first.createdAt,
    declines: failed.map(declineOf),
    methodType: first.methodType === 'bank_account' ? 'bank_account' : 'card',
    fingerprint: first.fingerprint,
    otherTries: await otherTriesOn(reads, first, invoice),
    paidAt: invoice.status === 'paid' ? (invoice.paidAt ?? paid?.processedAt ?? null) : null,
    // Another method than the one that failed is the payer's doing, whoever charged it.
    paidByPayer:
      paid === undefined ||
      !paid.offSession ||
      paid.paymentMethodId !== failed.at(-1)?.paymentMethodId,
  }
  return { past, retries: Math.max(0, tries.length - 1) }
}

async function otherTriesOn(
  reads: Reads<CollectionName>,
  first: Transaction,
  invoice: Invoice,
): Promise<PastFailure['otherTries']> {
  const { fingerprint, createdAt } = first
  if (fingerprint === null) return []
  const { rows } = await reads.list('transactions', {
    where: { fingerprint },
    range: { field: 'createdAt', from: createdAt - recentMs, to: createdAt + 3 * recentMs },
    order: { field: 'createdAt', direction: 'asc' },
    limit: 1_000,
  })
  return rows
    .filter(row => row.invoiceId !== invoice.id && row.offSession)
    .filter(row => row.status !== 'succeeded' && row.status !== 'canceled')
    .map(row => ({ at: row.createdAt, fingerprint }))
}
