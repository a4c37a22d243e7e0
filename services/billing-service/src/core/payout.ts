// Payouts: the processor sends what the account holds to the bank. Each carries movements of many tenants;
// here they are told apart, so that each tenant's books show what of its money has reached the bank.
import { allocate, type Currency } from './money.ts'
import type { Instant } from './time.ts'

export type PayoutStatus = 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled'

/** One movement of the balance that a payout carries. */
export interface PayoutItem {
  readonly processorId: string
  /** The processor's word, such as `charge`, `refund`, `adjustment`, `stripe_fee`. */
  readonly type: string
  /** The charge, refund, dispute or payout that it belongs to. */
  readonly sourceId: string | null
  readonly amountMinor: number
  readonly feeMinor: number
  readonly netMinor: number
  readonly currency: Currency
}

/** What the processor says of a payout right now. */
export interface PayoutObservation {
  readonly processorId: string
  readonly status: PayoutStatus
  readonly amountMinor: number
  readonly currency: Currency
  readonly automatic: boolean
  readonly feeMinor: number
  readonly balanceMovementId: string | null
  readonly failureCode: string | null
  readonly arrivalAt: Instant
  readonly createdAt: Instant
  /** Null while the processor has not said what the payout carries, and for one asked for by hand. */
  readonly items: readonly PayoutItem[] | null
}

/** What of a payout is one tenant's. */
export interface PayoutShare {
  readonly tenantId: string
  readonly netMinor: number
  /** Fees of the account and of the payout itself, shared among the tenants that it carries money of. */
  readonly feeMinor: number
  readonly count: number
}

/** A payout as we know it. It belongs to the deployment: its shares say whose money it carried. */
export interface Payout {
  /** The processor's id. */
  readonly id: string
  readonly processor: string
  readonly status: PayoutStatus
  readonly amountMinor: number
  readonly feeMinor: number
  readonly currency: Currency
  readonly automatic: boolean
  /**
   * `matched`: all that it carried is in our books. `differs`: it carried movements that are none of ours,
   * listed in `unmatched`. `pending`: not told yet. `by_hand`: the processor does not say what it carried.
   */
  readonly reconciliation: 'pending' | 'matched' | 'differs' | 'by_hand'
  readonly shares: readonly PayoutShare[]
  readonly matchedMinor: number
  readonly itemCount: number
  readonly unmatched: readonly PayoutItem[]
  readonly failureCode: string | null
  readonly arrivalAt: Instant
  readonly createdAt: Instant
  readonly recordedAt: Instant
  readonly updatedAt: Instant
  readonly version: number
}

/** Unmatched movements that are listed; the sums count all. */
const unmatchedMax = 100

const ownFees = ['stripe_fee', 'network_cost', 'tax_fee']

interface Portion {
  readonly tenantId: string
  readonly netMinor: number
}

export interface Sharing {
  readonly shares: readonly PayoutShare[]
  readonly unmatched: readonly PayoutItem[]
  readonly matchedMinor: number
}

/**
 * Tells the movements of a payout apart by tenant. `portionsOf` says whose a movement is: usually one
 * tenant's, several for a former payout that came back, none for what is not ours. Fees of the account are
 * shared by what each tenant has in the payout, by largest remainder.
 */
export function shareOut(
  items: readonly PayoutItem[],
  payoutFeeMinor: number,
  portionsOf: (item: PayoutItem) => readonly Portion[],
): Sharing {
  const totals = new Map<string, { netMinor: number; count: number }>()
  const unmatched: PayoutItem[] = []
  let feesMinor = payoutFeeMinor
  for (const item of items) {
    if (ownFees.includes(item.type)) {
      feesMinor -= item.netMinor
      continue
    }
    const portions = portionsOf(item)
    if (portions.length === 0) unmatched.push(item)
    for (const { tenantId, netMinor } of portions) {
      const total = totals.get(tenantId) ?? { netMinor: 0, count: 0 }
      totals.set(tenantId, { netMinor: total.netMinor + netMinor, count: total.count + 1 })
    }
  }
  const tenants = [...totals].sort(([a], [b]) => (a < b ? -1 : 1))
  const fees = sharedFees(
    feesMinor,
    tenants.map(([, total]) => total.netMinor),
  )
  const shares = tenants.map(([tenantId, { netMinor, count }], place): PayoutShare => {
    const feeMinor = fees[place] ?? 0
    return { tenantId, netMinor: netMinor - feeMinor, feeMinor, count }
  })
  return {
    shares,
    unmatched: unmatched.slice(0, unmatchedMax),
    matchedMinor: shares.reduce((sum, share) => sum + share.netMinor, 0),
  }
}

function sharedFees(feesMinor: number, nets: readonly number[]): readonly number[] {
  const weights = nets.map(net => Math.max(0, net))
  const shared = weights.some(weight => weight > 0)
  return shared ? allocate(feesMinor, weights) : nets.map(() => 0)
}
