// The conformance run: every call of the adapter, every magic value, every event and the whole
// processor contract, with all traffic recorded and checked. See `npm run conformance`.
import { failureOf } from '@quittance/stripe-sandbox/test-client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fixtureOf } from '../../src/adapters/stripe/test-fixture.ts'
import { describeProcessor } from '../../src/ports/processor.contract.ts'
import { accountNumbered, cardNumbered } from './acts.ts'
import { adapterCalls, processorOn } from './calls.ts'
import { callsAfterwards } from './calls-afterwards.ts'
import { deposits } from './deposits.ts'
import { type Ground, startGround } from './ground.ts'
import { wrongRequests } from './refusals.ts'
import { moneyScenes } from './scenes.ts'
import { billingScenes } from './scenes-billing.ts'
import { openShapes, type Shapes } from './shapes.ts'
import { accounts, cards, type Value } from './values.ts'

let shapes: Shapes
beforeAll(() => {
  shapes = openShapes()
})

/** Starts a ground for a section, and fails every entry whose traffic had a problem. */
function onGround(name: string, checkerFile?: string): () => Ground {
  let ground: Ground
  beforeAll(async () => {
    ground = await startGround(name, shapes, checkerFile)
  })
  afterEach(async () => {
    const problems = await ground.settle()
    if (problems.length > 0) throw new Error(problems.join('\n'))
  })
  afterAll(() => ground.close())
  return () => ground
}

describe('calls of the adapter', () => {
  const ground = onGround('calls')

  for (const { route, make } of [...adapterCalls, ...callsAfterwards]) {
    it(route, async () => {
      await make(processorOn(ground()), ground())
      expect([...ground().recorder.called()]).toContain(route)
    })
  }
})

describe('processor contract', () => {
  const ground = onGround('contract')

  describeProcessor('stripe', async () => {
    const { sandbox, apiBase } = ground()
    // The ground closes its sandbox itself, after the proxies.
    return { ...fixtureOf(sandbox, apiBase), close: async () => undefined }
  })

  it('makes no call that is missing from the calls of the adapter', () => {
    const listed = [...adapterCalls, ...callsAfterwards].map(({ route }) => route)
    expect([...ground().recorder.called()].filter(route => !listed.includes(route))).toEqual([])
  })
})

describe('magic values', () => {
  const ground = onGround('values')

  const proofsOf = (
    { number, name, says, prove }: Value,
    make: (ground: Ground, number: string) => Promise<string>,
  ) => {
    it(`${number} ${says}`, async () => prove(ground(), await make(ground(), number)))
    if (name !== null) it(`${name} ${says}`, () => prove(ground(), name))
  }
  for (const card of cards) proofsOf(card, cardNumbered)
  for (const account of accounts) proofsOf(account, accountNumbered)
  for (const { value, says, prove } of deposits) {
    it(`micro-deposits: ${value} ${says}`, () => prove(ground()))
  }
})

describe('events', () => {
  const ground = onGround('events')

  for (const { title, events, play } of [...moneyScenes, ...billingScenes]) {
    describe(title, () => {
      let first = 0
      beforeAll(async () => {
        first = ground().delivered().length
        await play(ground())
        await ground().sandbox.state.delivered()
      })
      for (const type of events) {
        it(type, () => {
          expect(ground().delivered().slice(first)).toContain(type)
          expect(shapes.eventTypes()).toContain(type)
        })
      }
    })
  }

  it('GET /v1/events lists them for who missed them', async () => {
    const { data, has_more: more } = await ground().stripe.events.list({ limit: 50 })
    expect([data.length, more]).toEqual([50, true])
    const [newest] = data
    expect(await ground().stripe.events.retrieve(newest?.id ?? '')).toMatchObject({
      type: newest?.type,
    })
  })
})

describe('requests that are wrong on purpose, straight to the sandbox', () => {
  const ground = onGround('refusals', '')

  for (const { says, status, code, send } of wrongRequests) {
    it(`${says} is refused with ${status}`, async () => {
      const failure = await failureOf(send(ground()))
      expect(failure.statusCode).toBe(status)
      if (code !== undefined) expect(failure.code).toBe(code)
    })
  }
})
