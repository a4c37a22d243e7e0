// The state of a payment method in words: nothing for one that works.
import type { PaymentMethodWire, SubscriptionWire } from '../data/wire.ts'
import { localTime } from '../formats.ts'
import { type Chip, chip, type Moment } from './state.ts'

const two = (value: number): string => String(value).padStart(2, '0')

/** The month a card expires: `06/2027`; null for methods that do not expire. */
export function expiryMonth({ card }: Pick<PaymentMethodWire, 'card'>): string | null {
  return card ? `${two(card.expMonth)}/${card.expYear}` : null
}

/** Cards are good until the end of their month, in the tenant's zone. */
function monthsLeft(method: Pick<PaymentMethodWire, 'card'>, { at, zone }: Moment): number {
  if (!method.card) return Number.POSITIVE_INFINITY
  const now = localTime(at, zone)
  return (method.card.expYear - now.year) * 12 + (method.card.expMonth - now.month)
}

/** The chip of a method, or null while it simply works. */
export function methodChip(
  method: Pick<PaymentMethodWire, 'status' | 'card'>,
  moment: Moment,
): Chip | null {
  if (method.status === 'pending_verification') {
    return chip('warn', 'file-search', { key: 'method.chip.pending' })
  }
  if (method.status === 'verification_failed') {
    return chip('bad', 'close-circle', { key: 'method.chip.failed' })
  }
  if (method.status === 'detached') {
    return chip('neutral', 'minus-circle', { key: 'method.chip.detached' })
  }
  const left = monthsLeft(method, moment)
  if (method.status === 'expired' || left < 0) {
    return chip('bad', 'stop', { key: 'method.chip.expired' })
  }
  if (left > 0) return null
  const values = { month: expiryMonth(method) ?? '' }
  return chip('warn', 'clock', { key: 'method.chip.expiring', values })
}

/**
 * The method that a subscription is charged with: its own, else the tenant's default. `undefined`
 * where there is neither.
 */
export function payingMethod<M extends Pick<PaymentMethodWire, 'id' | 'isDefault'>>(
  methods: readonly M[],
  subscription: Pick<SubscriptionWire, 'paymentMethodId'> | null | undefined,
): M | undefined {
  const own = methods.find(method => method.id === subscription?.paymentMethodId)
  return own ?? methods.find(method => method.isDefault)
}

/** Whether it can be charged. */
export const isUsable = (
  method: Pick<PaymentMethodWire, 'status' | 'card'>,
  moment: Moment,
): boolean => method.status === 'active' && monthsLeft(method, moment) >= 0
