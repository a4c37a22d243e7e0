// What a change made of a stored record, for its audit line. Which fields are told, the declarations say.
import { type Changed, changedFields } from '../core/changed.ts'
import type { Subscription } from '../core/subscription.ts'
import { toIso } from '../core/time.ts'
import type { CollectionName, RowOf } from '../ports/collections.ts'
import { fullKey, isSecretField, personalFields, shapeOf, typeOf } from '../ports/shape.ts'

const stamps = ['createdAt', 'createdBy', 'updatedAt', 'version']

/**
 * By field from what to what. Fields that say something of a person and secrets are only said to have changed,
 * because audit lines outlive every erasure. `only` narrows it to what a person decides of a record that moves
 * by itself as well.
 */
export function changedRow<C extends CollectionName>(
  collection: C,
  before: RowOf<C> | null,
  after: RowOf<C> | null,
  only?: readonly (keyof RowOf<C> & string)[],
): Changed {
  const shape = shapeOf(collection)
  const personal = new Set(personalFields(shape))
  const skipped = new Set([...fullKey(shape), ...stamps])
  return changedFields(before as object | null, after as object | null, {
    hides: field => shape.removable !== undefined || personal.has(field) || isSecretField(field),
    skips: field =>
      skipped.has(field) || (only !== undefined && !(only as readonly string[]).includes(field)),
    shows: (field, value) =>
      typeof value === 'number' && typeOf(shape, field) === 'instant' ? toIso(value) : value,
  })
}

/** What is decided of a subscription; periods and totals move by themselves. */
export const changedSubscription = (before: Subscription, after: Subscription): Changed =>
  changedRow('subscriptions', before, after, [
    'planCode',
    'billingCycle',
    'quantity',
    'status',
    'trialEnd',
    'cancelAtPeriodEnd',
    'cancelReason',
    'pauseAtPeriodEnd',
    'collectionPause',
    'paymentMethodId',
    'pendingChange',
    'metadata',
  ])
