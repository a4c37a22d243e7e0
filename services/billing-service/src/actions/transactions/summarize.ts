// Sums of a tenant's transactions in a named period, by currency.
import type { Caller } from '../../core/caller.ts'
import type { TransactionType } from '../../core/payment.ts'
import { type Instant, namedPeriod } from '../../core/time.ts'
import type { Deps } from '../../deps.ts'
import { enter } from '../enter.ts'

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
 * own fees and fee rows. Refuses `invalid_period`.
 */
export async function summarize(deps: Deps, caller: Caller, name: string): Promise<Summary> {
  const { at, settings } = await enter(deps, caller)
  const { from, to, label } = namedPeriod(name, settings.zone, at)
  const groups = await deps.store.of(caller.tenantId).sum('transactions', {
    where: { status: 'succeeded' },
    range: { field: 'createdAt', from, to },
    groupBy: ['currency', 'type'],
    sum: ['amountMinor', 'feeMinor'],
  })
  const currencies = [...new Set(groups.map(g => String(g.group.currency)))].sort()
  return {
    period: label,
    from,
    to,
    zone: settings.zone,
    currencies: currencies.map(currency => {
      const of = (type: TransactionType) =>
        groups.find(g => g.group.currency === currency && g.group.type === type)
      const sum = (type: TransactionType, field: string) => Number(of(type)?.sums[field] ?? 0)
      const feesMinor = sum('payment', 'feeMinor') + sum('fee', 'amountMinor')
      const paymentsMinor = sum('payment', 'amountMinor')
      const refundsMinor = sum('refund', 'amountMinor')
      return {
        currency,
        paymentsMinor,
        refundsMinor,
        adjustmentsMinor: sum('adjustment', 'amountMinor'),
        feesMinor,
        netMinor: paymentsMinor - refundsMinor - feesMinor,
        counts: {
          payments: of('payment')?.count ?? 0,
          refunds: of('refund')?.count ?? 0,
          adjustments: of('adjustment')?.count ?? 0,
          fees: of('fee')?.count ?? 0,
        },
      }
    }),
  }
}
