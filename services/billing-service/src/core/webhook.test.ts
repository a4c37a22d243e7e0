import { describe, expect, it } from 'vitest'
import type { DomainEvent } from './records.ts'
import {
  endpointAfter,
  issuerTenant,
  isToldOf,
  messageOf,
  nextDelivery,
  secretsAt,
  settledDelivery,
  type WebhookEndpoint,
  waitingDelivery,
  withNewSecret,
} from './webhook.ts'

const hourMs = 3_600_000
const endpoint: WebhookEndpoint = {
  tenantId: 'acme',
  id: 'we_1',
  url: 'https://hooks.example/',
  description: null,
  eventTypes: ['invoice.*', 'payment.failed'],
  secrets: [{ value: 'whsec_A', until: null }],
  state: 'enabled',
  disabledReason: null,
  enabledAt: 1_000,
  failingSince: null,
  createdAt: 1_000,
  updatedAt: 1_000,
  version: 1,
}
const event: DomainEvent = {
  tenantId: 'acme',
  id: 'evt_1',
  type: 'invoice.paid',
  objectId: 'inv_1',
  data: {},
  occurredAt: 2_000,
  recordedAt: 2_000,
}
const delivery = waitingDelivery(endpoint, event, 'wd_1', 0)
const answer = (status: number | null) => ({ status, body: '', problem: null, durationMs: 1 })

describe('who is told', () => {
  it.each([
    ['invoice.paid', {}, true],
    ['payment.failed', {}, true],
    ['payment.succeeded', {}, false],
    ['invoices.made_up', {}, false],
    ['invoice.paid', { tenantId: 'other' }, false],
    ['invoice.paid', { recordedAt: 999 }, false],
  ])('%s with %o: %s', (type, more, told) => {
    expect(isToldOf(endpoint, { ...event, type, ...more })).toBe(told)
  })

  it('the issuer’s endpoint is told of every tenant, and a message of none names no tenant', () => {
    expect(isToldOf({ ...endpoint, tenantId: issuerTenant }, event)).toBe(true)
    expect(JSON.parse(messageOf({ ...event, tenantId: issuerTenant })).tenantId).toBeNull()
  })
})

describe('trying again', () => {
  it('14 tries in 3 days, the first again after 5 s', () => {
    let at = 0
    let tries = 1
    for (let next = nextDelivery(tries, at); next !== null; next = nextDelivery(tries, at)) {
      at = next
      tries += 1
    }
    expect(tries).toBe(14)
    expect(at / hourMs).toBeGreaterThan(71)
    expect(at / hourMs).toBeLessThan(73)
    expect(nextDelivery(1, 0)).toBe(5_000)
  })

  it('204 is delivered; 302, 500 and no answer wait; 410 is given up', () => {
    expect(settledDelivery(delivery, answer(204), 9)).toMatchObject({
      state: 'delivered',
      dueAt: null,
    })
    for (const status of [302, 500, null]) {
      expect(settledDelivery(delivery, answer(status), 9).state).toBe('waiting')
    }
    expect(settledDelivery(delivery, answer(410), 9)).toMatchObject({
      state: 'failed',
      dueAt: null,
    })
  })

  it('an endpoint is switched off after 72 hours without a success, or at once by 410', () => {
    const failing = endpointAfter(endpoint, answer(500), 5_000)
    expect(failing).toMatchObject({ state: 'enabled', failingSince: 5_000 })
    expect(endpointAfter(failing, answer(200), 6_000).failingSince).toBeNull()
    expect(endpointAfter(failing, answer(500), 5_000 + 72 * hourMs - 1).state).toBe('enabled')
    expect(endpointAfter(failing, answer(500), 5_000 + 72 * hourMs)).toMatchObject({
      state: 'disabled',
      disabledReason: 'failing',
    })
    expect(endpointAfter(endpoint, answer(410), 9).disabledReason).toBe('gone')
  })
})

it('the old secret signs beside the new one until its time, then no more', () => {
  const once = withNewSecret(endpoint, 'whsec_B', 100, 50)
  expect(secretsAt(once, 99)).toEqual(['whsec_B', 'whsec_A'])
  expect(secretsAt(once, 100)).toEqual(['whsec_B'])
  expect(secretsAt(withNewSecret(once, 'whsec_C', 100, 60), 61)).toEqual(['whsec_C', 'whsec_B'])
})
