// The one account that owns everything in the sandbox.

import type Stripe from 'stripe'
import type { Route } from '../api.ts'
import { newest, newId, save, type Work } from '../state.ts'

/** The account, made once: its id stays the same as long as the state is kept. */
export function theAccount(work: Work): Stripe.Account {
  const [known] = newest(work, 'account')
  if (known) return known
  return save(work, 'account', {
    id: newId('acct', 16),
    object: 'account',
    business_type: 'company',
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    country: 'US',
    created: work.at,
    default_currency: 'usd',
    details_submitted: true,
    email: 'sandbox@example.com',
    metadata: {},
    payouts_enabled: true,
    settings: null,
    type: 'standard',
  })
}

export const accountRoutes: Route[] = [
  { method: 'GET', path: '/v1/account', answer: ({ work }) => theAccount(work) },
]
