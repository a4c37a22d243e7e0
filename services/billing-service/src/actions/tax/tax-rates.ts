// The issuer's table of tax rates: rows are added and ended, never changed.
import type { Caller } from '../../core/caller.ts'
import { refuse } from '../../core/refusal.ts'
import type { TaxRate } from '../../core/tax-rate.ts'
import type { Instant } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import type { Page, SystemTransaction } from '../../ports/store.ts'
import { changedRow } from '../changed-row.ts'
import { record } from '../record.ts'

export interface TaxRatePage {
  readonly country?: string | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

const limitDefault = 20

/** The table by age, or one country's part of it. Refuses `invalid_cursor`. */
export const listTaxRates = (
  deps: Deps,
  { country, limit, cursor }: TaxRatePage,
): Promise<Page<TaxRate>> =>
  deps.store.system.list('taxRates', {
    where: { country },
    limit: limit ?? limitDefault,
    cursor: cursor ?? null,
  })

export type NewTaxRate = Pick<
  TaxRate,
  'country' | 'region' | 'name' | 'kind' | 'ratePpm' | 'validTo'
> & { readonly validFrom: Instant | null }

function assertSpan(from: Instant, to: Instant | null, path: string): void {
  if (to === null || to >= from) return
  refuse('invalid_request', {}, [{ path, message: 'must not be before validFrom' }])
}

/** In the issuer's audit log, as the table belongs to no tenant. */
const tell = (
  deps: Deps,
  tx: SystemTransaction,
  caller: Caller,
  type: string,
  before: TaxRate | null,
  after: TaxRate,
): Promise<void> =>
  record(deps, tx, caller, deps.clock.real(), [
    {
      type,
      objectId: after.id,
      data: { country: after.country, region: after.region },
      changed: changedRow('taxRates', before, after),
    },
  ])

/** Adds a rate; without a day it holds from now on. */
export async function createTaxRate(
  deps: Deps,
  caller: Caller,
  input: NewTaxRate,
): Promise<TaxRate> {
  const now = deps.clock.real()
  const validFrom = input.validFrom ?? now
  assertSpan(validFrom, input.validTo, '/validTo')
  const rate: TaxRate = {
    ...input,
    id: deps.ids.next('taxRate'),
    validFrom,
    createdAt: now,
    createdBy: caller.subject,
  }
  await deps.store.system.transaction(async tx => {
    await tx.insert('taxRates', rate)
    await tell(deps, tx, caller, 'tax_rate.created', null, rate)
  })
  return rate
}

/** Ends a rate, now or at a time. Refuses `not_found`, `invalid_request` for an end before its start. */
export async function endTaxRate(
  deps: Deps,
  caller: Caller,
  id: string,
  at: Instant | null,
): Promise<TaxRate> {
  return deps.store.system.transaction(async tx => {
    const rate = await tx.lock('taxRates', id)
    const validTo = at ?? deps.clock.real()
    assertSpan(rate.validFrom, validTo, '/at')
    const ended = await tx.replace('taxRates', { ...rate, validTo })
    await tell(deps, tx, caller, 'tax_rate.ended', rate, ended)
    return ended
  })
}
