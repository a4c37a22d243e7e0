import { expect, test } from 'vitest'
import {
  isLocked,
  type Mail,
  mailKinds,
  mailOf,
  nextMailTry,
  queuedMail,
  recipientsOf,
  retriedMail,
  settledMail,
} from './mail.ts'

const minuteMs = 60_000
const mail = (...addresses: string[]): Mail => ({
  ...queuedMail(
    {
      tenantId: 'tenant-1',
      id: 'mail_01',
      eventId: 'evt_01',
      kind: 'invoice_issued',
      objectId: 'inv_01',
      data: {},
      occurredAt: 0,
    },
    0,
  ),
  attempts: 1,
  recipients: addresses.map(address => ({ address, state: 'waiting', reply: null })),
})

test.each([
  ['subscription.created', { status: 'trialing' }, 'welcome'],
  ['subscription.created', { status: 'incomplete' }, null],
  ['subscription.active', { status: ['incomplete', 'active'] }, 'welcome'],
  ['subscription.active', { status: ['unpaid', 'active'] }, 'service_restored'],
  ['subscription.active', { status: ['past_due', 'active'] }, null],
  ['subscription.changed', { planCode: ['starter', 'professional'] }, 'plan_changed'],
  ['subscription.changed', { planCode: ['a', 'a'], quantity: [2, 3] }, 'plan_changed'],
  [
    'subscription.changed',
    { planCode: ['a', 'a'], quantity: [2, 2], changesAt: '2026-12-01' },
    'plan_change_scheduled',
  ],
  ['subscription.renewed', { planCode: ['a', 'a'] }, null],
  ['subscription.canceled', { status: ['active', 'canceled'] }, null],
  ['subscription.canceled', { reason: 'payment_failed' }, 'subscription_canceled'],
  ['dunning.scheduled', { reason: 'schedule', retryAt: 'x', triesMade: 1 }, 'payment_failed'],
  ['dunning.scheduled', { reason: 'schedule', retryAt: 'x', triesMade: 2 }, 'dunning_reminder'],
  ['dunning.scheduled', { reason: 'retries_spent', retryAt: null, triesMade: 4 }, 'dunning_final'],
  ['dunning.scheduled', { reason: 'ours', retryAt: null, triesMade: 1 }, null],
  ['payment.failed', { offSession: true, methodType: 'bank_account' }, null],
  ['payment.failed', { offSession: false, methodType: 'bank_account' }, 'payment_failed'],
  ['invoice.drafted', {}, null],
] as const)('%s with %o brings %s', (type, data, kind) => {
  expect(mailOf(type, data)).toBe(kind)
})

test('8 of 21 kinds cannot be switched off', () => {
  expect(mailKinds.length).toBe(21)
  expect(mailKinds.filter(isLocked).length).toBe(8)
})

test('an invoice goes to 2 addresses, a reminder to the customer alone, a choice replaces both', () => {
  const customer = { email: 'ada@acme.example', invoiceEmails: ['books@acme.example'] }
  const choices = { usage_alert: { recipients: ['ops@acme.example'] } }
  expect(recipientsOf('invoice_issued', customer, choices)).toHaveLength(2)
  expect(recipientsOf('renewal_reminder', customer, choices)).toEqual(['ada@acme.example'])
  expect(recipientsOf('usage_alert', customer, choices)).toEqual(['ops@acme.example'])
  const nameless = { email: null, invoiceEmails: ['books@acme.example'] }
  expect(recipientsOf('welcome', nameless, {})).toEqual(['books@acme.example'])
})

test('a mail is tried 9 times over about 2 days', () => {
  expect([1, 2, 8].map(n => nextMailTry(n, 0)! / minuteMs)).toEqual([1, 5, 1440])
  expect(nextMailTry(9, 0)).toBeNull()
})

test('of 3 recipients one is accepted, one refused for good, one for now: the last is tried again', () => {
  const outcome = {
    delivered: true,
    refused: [
      { address: 'gone@x.example', reply: '550 no such user', permanent: true },
      { address: 'busy@x.example', reply: '450 try later', permanent: false },
    ],
  }
  const tried = settledMail(mail('ok@x.example', 'gone@x.example', 'busy@x.example'), outcome, 0)
  expect(tried.recipients.map(each => each.state)).toEqual(['accepted', 'refused', 'waiting'])
  expect(tried).toMatchObject({ state: 'queued', dueAt: minuteMs })
  const done = settledMail({ ...tried, attempts: 2 }, { delivered: true, refused: [] }, minuteMs)
  expect(done).toMatchObject({ state: 'sent', dueAt: null, sentAt: minuteMs })
})

test('a mail that all refuse for good has bounced; one without answer has failed after 9 tries', () => {
  const refused = [{ address: 'gone@x.example', reply: '550 no such user', permanent: true }]
  const bounced = settledMail(mail('gone@x.example'), { delivered: true, refused }, 0)
  expect(bounced).toMatchObject({ state: 'bounced', note: '550 no such user', dueAt: null })
  const spent = { ...mail('slow@x.example'), attempts: 9 }
  expect(retriedMail(spent, 'no answer', 0)).toMatchObject({ state: 'failed', dueAt: null })
})
