// Invoices and their payments: reading, paying, finalising, voiding; and test clocks.

import type Stripe from 'stripe'
import type { Call, Route } from '../api.ts'
import { collectInvoice, finalizeInvoice, markPaid, voidInvoice } from '../billing/invoices.ts'
import type { Invoice } from '../billing/rows.ts'
import { afterPayment, upcomingInvoice } from '../billing/subscriptions.ts'
import { emit } from '../events.ts'
import { invalidParameter, refusal } from '../failures.ts'
import { listPage, timeFilter, where } from '../lists.ts'
import {
  boolean,
  mergedMetadata,
  onlyKnown,
  record,
  requiredInteger,
  requiredText,
  text,
} from '../params.ts'
import { erase, idOf, need, newest, newId, patch, save, type Work } from '../state.ts'
import { advanceClock, workFor } from '../test-clocks.ts'
import { runTask } from '../timetable.ts'

function atCustomerTime(call: Call): Work {
  const invoice = need(call.work, 'invoice', call.id)
  return workFor(call.work, idOf(invoice.customer) ?? '')
}

function payInvoice(call: Call): Invoice {
  const { params, id } = call
  onlyKnown(params, ['off_session', 'paid_out_of_band', 'payment_method'])
  const work = atCustomerTime(call)
  const before = need(work, 'invoice', id)
  if (before.status === 'paid') throw refusal('Invoice is already paid')
  if (before.status === 'draft') finalizeInvoice(work, id)
  if (need(work, 'invoice', id).status !== 'open') {
    throw refusal(`You cannot pay an invoice that is ${before.status}.`)
  }
  if (boolean(params, 'paid_out_of_band')) {
    const paid = markPaid(work, id, before.amount_due)
    afterPayment(work, paid)
    return need(work, 'invoice', id)
  }
  const method = text(params, 'payment_method')
  const offSession = boolean(params, 'off_session') ?? true
  return collectInvoice(work, id, { offSession, ...(method ? { method } : {}) })
}

function markUncollectible(call: Call): Invoice {
  onlyKnown(call.params, [])
  const work = atCustomerTime(call)
  const before = need(work, 'invoice', call.id)
  if (before.status !== 'open') throw refusal('You can only mark open invoices uncollectible.')
  const invoice = patch(work, 'invoice', call.id, {
    next_payment_attempt: null,
    status: 'uncollectible',
    status_transitions: { ...before.status_transitions, marked_uncollectible_at: work.at },
  })
  emit(work, 'invoice.marked_uncollectible', invoice)
  return invoice
}

function updateInvoice(call: Call): Invoice {
  onlyKnown(call.params, ['metadata', 'description'])
  const before = need(call.work, 'invoice', call.id)
  const invoice = patch(call.work, 'invoice', call.id, {
    description: text(call.params, 'description') ?? before.description,
    metadata: mergedMetadata(call.params, before.metadata),
  })
  emit(call.work, 'invoice.updated', invoice, before)
  return invoice
}

/** What the next invoice of a subscription would be. It changes nothing. */
function previewInvoice({ work, params }: Call): Invoice {
  onlyKnown(params, ['customer', 'subscription'])
  const subscription = need(
    work,
    'subscription',
    requiredText(params, 'subscription'),
    'subscription',
  )
  const at = workFor(work, idOf(subscription.customer))
  const upcoming = upcomingInvoice(at, subscription.id)
  if (upcoming) return upcoming
  throw refusal(`No upcoming invoices for customer: ${idOf(subscription.customer)}`, {
    code: 'invoice_upcoming_none',
  })
}

function listInvoices({ work, params }: Call) {
  const inTime = timeFilter(params)
  const [customer, status, subscription] = [
    text(params, 'customer'),
    text(params, 'status'),
    text(params, 'subscription'),
  ]
  const rows = where(
    newest(work, 'invoice'),
    row =>
      inTime(row.created) &&
      (customer === undefined || row.customer === customer) &&
      (status === undefined || row.status === status) &&
      (subscription === undefined ||
        idOf(row.parent?.subscription_details?.subscription) === subscription),
  )
  return listPage(params, '/v1/invoices', rows, ['created', 'customer', 'status', 'subscription'])
}

function listInvoicePayments({ work, params }: Call) {
  const [invoice, status] = [text(params, 'invoice'), text(params, 'status')]
  const payment = record(params, 'payment')
  const intent = payment ? text(payment, 'payment_intent') : undefined
  const inTime = timeFilter(params)
  const rows = where(
    newest(work, 'invoice_payment'),
    row =>
      inTime(row.created) &&
      (invoice === undefined || row.invoice === invoice) &&
      (status === undefined || row.status === status) &&
      (intent === undefined || idOf(row.payment.payment_intent) === intent),
  )
  const known = ['created', 'invoice', 'payment', 'status']
  return listPage(params, '/v1/invoice_payments', rows, known)
}

function createClock({ work, params }: Call): Stripe.TestHelpers.TestClock {
  onlyKnown(params, ['frozen_time', 'name'])
  const clock = save(work, 'test_clock', {
    id: newId('clock'),
    object: 'test_helpers.test_clock',
    created: work.at,
    deletes_after: work.at + 30 * 86_400,
    frozen_time: requiredInteger(params, 'frozen_time'),
    livemode: false,
    name: text(params, 'name') ?? null,
    status: 'ready',
    status_details: {},
  })
  emit(work, 'test_helpers.test_clock.created', clock)
  return clock
}

function advanceByRoute({ work, params, id }: Call): Stripe.TestHelpers.TestClock {
  onlyKnown(params, ['frozen_time'])
  const target = requiredInteger(params, 'frozen_time')
  if (target <= need(work, 'test_clock', id).frozen_time) {
    throw invalidParameter('A test clock only moves forward.', 'frozen_time')
  }
  const clock = advanceClock(work, id, target, runTask)
  emit(work, 'test_helpers.test_clock.ready', clock)
  return clock
}

function deleteClock({ work, id }: Call): Stripe.TestHelpers.DeletedTestClock {
  const clock = need(work, 'test_clock', id)
  for (const task of [...newest(work, 'task')]) {
    if (task.clock === id) erase(work, 'task', task.id)
  }
  for (const customer of [...newest(work, 'customer')]) {
    if (customer.test_clock !== id) continue
    for (const subscription of [...newest(work, 'subscription')]) {
      if (subscription.customer === customer.id) erase(work, 'subscription', subscription.id)
    }
    erase(work, 'customer', customer.id)
  }
  erase(work, 'test_clock', id)
  emit(work, 'test_helpers.test_clock.deleted', clock)
  return { id, object: 'test_helpers.test_clock', deleted: true }
}

const clocks = '/v1/test_helpers/test_clocks'

export const invoiceRoutes: Route[] = [
  { method: 'GET', path: '/v1/invoices', answer: listInvoices },
  { method: 'POST', path: '/v1/invoices/create_preview', answer: previewInvoice },
  { method: 'GET', path: '/v1/invoices/:id', answer: ({ work, id }) => need(work, 'invoice', id) },
  { method: 'POST', path: '/v1/invoices/:id', answer: updateInvoice },
  { method: 'POST', path: '/v1/invoices/:id/pay', answer: payInvoice },
  {
    method: 'POST',
    path: '/v1/invoices/:id/finalize',
    answer: call => {
      onlyKnown(call.params, ['auto_advance'])
      return finalizeInvoice(atCustomerTime(call), call.id)
    },
  },
  {
    method: 'POST',
    path: '/v1/invoices/:id/void',
    answer: call => {
      onlyKnown(call.params, [])
      return voidInvoice(atCustomerTime(call), call.id)
    },
  },
  { method: 'POST', path: '/v1/invoices/:id/mark_uncollectible', answer: markUncollectible },
  {
    method: 'GET',
    path: '/v1/invoices/:id/lines',
    answer: ({ work, params, id }) => {
      const { lines } = need(work, 'invoice', id)
      return listPage(params, `/v1/invoices/${id}/lines`, lines.data)
    },
  },
  { method: 'GET', path: '/v1/invoice_payments', answer: listInvoicePayments },
  {
    method: 'GET',
    path: '/v1/invoice_payments/:id',
    answer: ({ work, id }) => need(work, 'invoice_payment', id),
  },
  { method: 'POST', path: clocks, answer: createClock },
  {
    method: 'GET',
    path: clocks,
    answer: ({ work, params }) => listPage(params, clocks, newest(work, 'test_clock')),
  },
  {
    method: 'GET',
    path: `${clocks}/:id`,
    answer: ({ work, id }) => need(work, 'test_clock', id),
  },
  { method: 'POST', path: `${clocks}/:id/advance`, answer: advanceByRoute },
  { method: 'DELETE', path: `${clocks}/:id`, answer: deleteClock },
]
