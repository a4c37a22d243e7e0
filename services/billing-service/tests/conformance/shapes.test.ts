// Proves that the check of shapes finds what is wrong, so that "nothing found" means something.
import { startSandbox } from '@quittance/stripe-sandbox/server'
import { beforeAll, describe, expect, it } from 'vitest'
import { openShapes, type Shapes } from './shapes.ts'

let shapes: Shapes
let intent: Record<string, unknown>
let event: Record<string, unknown>

beforeAll(async () => {
  shapes = openShapes()
  const sandbox = await startSandbox()
  const post = async (path: string, body: Record<string, string>) => {
    const answer = await fetch(`${sandbox.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.secretKey}` },
      body: new URLSearchParams(body),
    })
    return (await answer.json()) as Record<string, unknown>
  }
  intent = await post('/v1/payment_intents', {
    amount: '4900',
    currency: 'usd',
    payment_method: 'pm_card_visa',
    confirm: 'true',
    return_url: 'https://example.com/back',
    'expand[0]': 'latest_charge.balance_transaction',
  })
  const [newest] = sandbox.state.list('event')
  event = JSON.parse(JSON.stringify(newest))
  await sandbox.close()
})

describe('proof that the check of shapes finds faults', () => {
  it('a paid intent with its charge and fee has 0 problems, and so has its event', () => {
    expect(intent.status).toBe('succeeded')
    expect(shapes.problemsOf(intent)).toEqual([])
    expect(shapes.problemsOf(event)).toEqual([])
  })

  it.each([
    ['a text for an amount', { amount: '4900' }, '$.amount is "4900", not number'],
    ['a text for no', { livemode: 'false' }, '$.livemode is "false", not boolean'],
    ['half a cent', { amount: 49.5 }, '$.amount is 49.5, not number'],
    ['an unknown status', { status: 'done' }, '$.status is "done", not '],
    ['null for an amount', { amount: null }, '$.amount is null, not number'],
    ['a missing time', { created: undefined }, '$.created is missing'],
    ['an unknown field', { colour: 'red' }, '$.colour is no field of PaymentIntent'],
    ['an unknown object', { object: 'payment_wish' }, '$ is an unknown "payment_wish"'],
  ])('%s is found', (_name, change, problem) => {
    const found = shapes.problemsOf({ ...intent, ...change })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(problem)
  })

  it('a fault inside an expanded charge is found by its path', () => {
    const charge = { ...(intent.latest_charge as object), paid: 'yes' }
    expect(shapes.problemsOf({ ...intent, latest_charge: charge })).toEqual([
      '$.latest_charge.paid is "yes", not boolean',
    ])
  })

  it('a fault in the second row of a list is found by its number', () => {
    const data = [intent, { ...intent, livemode: 0 }]
    const list = { object: 'list', data, has_more: false, url: '/v1/payment_intents' }
    expect(shapes.problemsOf(list)).toEqual(['$.data[1].livemode is 0, not boolean'])
  })

  it('an event with the object of another type is found', () => {
    const found = shapes.problemsOf({ ...event, type: 'customer.created' })
    expect(found.length).toBeGreaterThan(0)
  })

  it('knows more than 200 types of events', () => {
    expect(shapes.eventTypes().length).toBeGreaterThan(200)
  })
})
