// Mandates: the customer's permission to debit an account.

import type Stripe from 'stripe'
import { emit } from './events.ts'
import { invalidParameter, missingParameter, refusal } from './failures.ts'
import type { FormRecord } from './form.ts'
import { choice, onlyKnown, record, text } from './params.ts'
import { idOf, need, newestWhere, newId, patch, save, type Work } from './state.ts'

function acceptanceFrom(work: Work, params: FormRecord): Stripe.Mandate.CustomerAcceptance | null {
  const data = record(params, 'mandate_data')
  if (!data) return null
  const given = record(data, 'customer_acceptance', 'mandate_data[customer_acceptance]')
  if (!given) throw missingParameter('mandate_data[customer_acceptance]')
  onlyKnown(
    given,
    ['type', 'accepted_at', 'online', 'offline'],
    'mandate_data[customer_acceptance]',
  )
  const type = choice(given, 'type', ['online', 'offline'])
  if (!type) throw missingParameter('mandate_data[customer_acceptance][type]')
  if (type === 'offline') return { accepted_at: work.at, type, offline: {} }
  const online = record(given, 'online', 'mandate_data[customer_acceptance][online]') ?? {}
  return {
    accepted_at: work.at,
    type,
    online: {
      ip_address: text(online, 'ip_address') ?? null,
      user_agent: text(online, 'user_agent') ?? null,
    },
  }
}

/**
 * The mandate under which a bank account may be debited: named by `mandate`, made from
 * `mandate_data`, or the active one of an earlier set-up. Without any of them: 400.
 */
export function mandateFor(
  work: Work,
  params: FormRecord,
  method: Stripe.PaymentMethod,
): string | null {
  const named = text(params, 'mandate')
  if (named) return checkedMandate(work, named, method)
  if (method.type !== 'us_bank_account') return null
  const acceptance = acceptanceFrom(work, params)
  if (acceptance) return newMandate(work, method, acceptance).id
  const earlier = newestWhere(
    work,
    'mandate',
    row => idOf(row.payment_method) === method.id && row.status === 'active',
  )
  if (earlier) return earlier.id
  throw refusal(
    'To confirm with a us_bank_account you must provide a mandate, either by `mandate` or by ' +
      '`mandate_data`.',
    { code: 'payment_intent_mandate_invalid', param: 'mandate_data' },
  )
}

function checkedMandate(work: Work, id: string, method: Stripe.PaymentMethod): string {
  const mandate = need(work, 'mandate', id, 'mandate')
  if (idOf(mandate.payment_method) !== method.id) {
    throw invalidParameter('The mandate belongs to another payment method.', 'mandate')
  }
  if (mandate.status !== 'active') {
    throw refusal(`The mandate ${id} is ${mandate.status}.`, {
      code: 'payment_intent_mandate_invalid',
      param: 'mandate',
    })
  }
  return id
}

/** The bank says that the customer never agreed, or no longer does: the permission is void. */
export function revokeMandate(work: Work, methodId: string): void {
  const before = newestWhere(
    work,
    'mandate',
    row => idOf(row.payment_method) === methodId && row.status === 'active',
  )
  if (!before) return
  const mandate = patch(work, 'mandate', before.id, { status: 'inactive' })
  emit(work, 'mandate.updated', mandate, before)
}

function newMandate(
  work: Work,
  method: Stripe.PaymentMethod,
  acceptance: Stripe.Mandate.CustomerAcceptance,
): Stripe.Mandate {
  return save(work, 'mandate', {
    id: newId('mandate'),
    object: 'mandate',
    customer_acceptance: acceptance,
    livemode: false,
    multi_use: {},
    payment_method: method.id,
    payment_method_details: { type: 'us_bank_account', us_bank_account: {} },
    status: 'active',
    type: 'multi_use',
  })
}
