import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../core/refusal.ts'
import { readStripeEvent } from './webhook.ts'

const now = Date.UTC(2026, 10, 23, 12)
const seconds = now / 1_000

const event = {
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  api_version: '2026-10-28.endive',
  created: 1_795_000_000,
  data: { object: { object: 'payment_intent', id: 'pi_1' } },
}

const digest = (body: string, secret: string, at: number) =>
  createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')

const signed = (body: string, secret = 'whsec_a', at = seconds) =>
  `t=${at},v1=${digest(body, secret, at)}`

const read = (body: string, header: string | undefined, secrets = ['whsec_a']) =>
  readStripeEvent(secrets, Buffer.from(body), header, now)

const expectRefused = (act: () => unknown) => {
  expect(act).toThrow(Refusal)
  expect(act).toThrow('invalid_signature')
}

describe('a signed event', () => {
  const body = JSON.stringify(event)

  it('is reduced to its id, type, version, time and the object it is about', () => {
    expect(read(body, signed(body))).toEqual({
      eventId: 'evt_1',
      type: 'payment_intent.succeeded',
      objectType: 'payment_intent',
      objectId: 'pi_1',
      apiVersion: '2026-10-28.endive',
      createdAt: 1_795_000_000_000,
      payload: event,
    })
  })

  it('about an object without id has the empty id', () => {
    const about = { ...event, data: { object: { object: 'balance' } } }
    const text = JSON.stringify(about)
    expect(read(text, signed(text))).toMatchObject({ objectType: 'balance', objectId: '' })
  })

  it('passes with either of 2 secrets and with either of 2 signatures while one is rotated', () => {
    const secrets = ['whsec_new', 'whsec_old']
    expect(read(body, signed(body, 'whsec_old'), secrets).eventId).toBe('evt_1')
    const both = `${signed(body, 'whsec_gone')},v1=${digest(body, 'whsec_new', seconds)}`
    expect(read(body, both, secrets).eventId).toBe('evt_1')
  })

  it('passes 300 s early and 300 s late, and is refused at 301 s either way', () => {
    for (const offset of [-300, 300]) {
      expect(read(body, signed(body, 'whsec_a', seconds + offset)).eventId).toBe('evt_1')
    }
    for (const offset of [-301, 301]) {
      expectRefused(() => read(body, signed(body, 'whsec_a', seconds + offset)))
    }
  })

  it('is checked over the bytes as they came, spaces included', () => {
    const spaced = `${body}\n`
    expect(read(spaced, signed(spaced)).eventId).toBe('evt_1')
    expectRefused(() => read(spaced, signed(body)))
  })
})

describe('what is refused', () => {
  const body = JSON.stringify(event)
  const { 1: v1 = '' } = signed(body).split(',')

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['another secret', signed(body, 'whsec_b')],
    ['no stamp', v1],
    ['a stamp that is no number', `t=soon,${v1}`],
    ['two stamps', `t=${seconds},t=${seconds},${v1}`],
    ['no signature', `t=${seconds}`],
    ['the old scheme v0 alone', signed(body).replace('v1', 'v0')],
    ['a signature cut short', signed(body).slice(0, -2)],
    ['a stamp moved by 1 s', signed(body).replace(`t=${seconds}`, `t=${seconds + 1}`)],
    ['a header of 5,000 characters', signed(body).padEnd(5_000, ',')],
  ])('%s', (_, header) => {
    expectRefused(() => read(body, header))
  })

  it('everything, when no secret is known', () => {
    expectRefused(() => read(body, signed(body), []))
  })

  it.each([
    ['no JSON', 'hello'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a thin v2 event', JSON.stringify({ ...event, object: 'v2.core.event' })],
    ['an event without id', JSON.stringify({ ...event, id: undefined })],
    ['an event without object', JSON.stringify({ ...event, data: {} })],
    ['a time that is no number', JSON.stringify({ ...event, created: '2026' })],
  ])('a well signed body that is %s', (_, text) => {
    expectRefused(() => read(text, signed(text)))
  })
})
