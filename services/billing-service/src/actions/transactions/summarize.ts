// Sums of a tenant's transactions in a named period, by currency.
import type { Caller } from '../../core/caller.ts'
import type { TotalledType } from '../../core/reports/roll-ups.ts'
import { type Instant, namedPeriod } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { enter } from '../enter.ts'
import { transactionTotalsIn } from '../reports/read-totals.ts'

export interface CurrencySummary {
  readonly currency: string
  readonly paymentsMinor: number
  readonly refundsMinor: number
  readonly adjustmentsMinor: number
  readonly feesMinor: number
  readonly netMinor: number
  readonly counts: Readonly<Record<'payments' | 'refunds' | 'adjustments' | 'fees', number>>
}

export interface Summary {
  readonly period: string
  readonly from: Instant
  readonly to: Instant
  readonly zone: string
  readonly currencies: readonly CurrencySummary[]
}

/**
 * What was begun in a period and succeeded, in billing time, so that it equals the list. `fees` holds the payments'
 * own fees and fee rows, in the currency in which they were kept. Refuses `invalid_period`.
 */
export async function summarize(deps: Deps, caller: Caller, name: string): Promise<Summary> {
  const { at, settings } = await enter(deps, caller)
  const { from, to, label } = namedPeriod(name, settings.zone, at)
  const totals = await transactionTotalsIn(deps.store.of(caller.tenantId), from, to)
  const currencies = [...new Set(totals.map(({ currency }) => currency))].sort()
  return {
    period: label,
    from,
    to,
    zone: settings.zone,
    currencies: currencies.map(currency => {
      const of = (type: TotalledType) =>
        totals.find(total => total.currency === currency && total.type === type)
      const sum = (type: TotalledType) => of(type)?.amountMinor ?? 0
      const feesMinor = sum('payment_fee') + sum('fee')
      return {
        currency,
        paymentsMinor: sum('payment'),
        refundsMinor: sum('refund'),
        adjustmentsMinor: sum('adjustment'),
        feesMinor,
        netMinor: sum('payment') - sum('refund') - feesMinor,
        counts: {
          payments: of('payment')?.transactions ?? 0,
          refunds: of('refund')?.transactions ?? 0,
          adjustments: of('adjustment')?.transactions ?? 0,
          fees: of('fee')?.transactions ?? 0,
        },
      }
    }),
  }
}
