// Reviews of payments by people. The sandbox judges no payment by rules: a test opens a review, the
// API approves it.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { emit } from '../events.ts'
import { refusal } from '../failures.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import { onlyKnown } from '../params.ts'
import { idOf, need, newest, newestWhere, newId, patch, save, type Work } from '../state.ts'

/** Puts a charge under review; one that is reviewed already is refused. */
export function openReview(work: Work, chargeId: string): Stripe.Review {
  const charge = need(work, 'charge', chargeId, 'charge')
  if (newestWhere(work, 'review', row => row.open && row.charge === chargeId)) {
    throw refusal(`Charge ${chargeId} is under review already.`)
  }
  const intentId = idOf(charge.payment_intent)
  const review = save(work, 'review', {
    id: newId('prv'),
    object: 'review',
    billing_zip: charge.billing_details.address?.postal_code ?? null,
    charge: chargeId,
    closed_reason: null,
    created: work.at,
    ip_address: null,
    ip_address_location: null,
    livemode: false,
    open: true,
    opened_reason: 'manual',
    ...(intentId ? { payment_intent: intentId } : {}),
    reason: 'manual',
    session: null,
  })
  showReview(work, review, review.id)
  emit(work, 'review.opened', review)
  return review
}

/** The charge and its intent name a review as long as it is open. */
function showReview(work: Work, review: Stripe.Review, shown: string | null): void {
  const charge = idOf(review.charge)
  const intent = idOf(review.payment_intent)
  if (charge) patch(work, 'charge', charge, { review: shown })
  if (intent) patch(work, 'payment_intent', intent, { review: shown })
}

function approve({ work, params, id }: Call): Stripe.Review {
  onlyKnown(params, [])
  const before = need(work, 'review', id)
  if (!before.open) throw refusal(`This review is already closed (${before.reason}).`)
  const review = patch(work, 'review', id, {
    closed_reason: 'approved',
    open: false,
    reason: 'approved',
  })
  showReview(work, review, null)
  emit(work, 'review.closed', review)
  return review
}

function listReviews({ work, params }: Call) {
  const inTime = timeFilter(params)
  const rows = where(newest(work, 'review'), row => inTime(row.created))
  return listPage(params, base, rows, ['created'])
}

const base = '/v1/reviews'

export const reviewRoutes: Route[] = [
  { method: 'GET', path: base, answer: listReviews },
  { method: 'GET', path: `${base}/:id`, answer: ({ work, id }) => need(work, 'review', id) },
  { method: 'POST', path: `${base}/:id/approve`, answer: approve },
]
