// The calls that the Stripe adapter makes about money that was received already: disputes, warnings,
// reviews, payouts, and the lists that find what no event told.
import { expect } from 'vitest'
import type { Processor } from '../../src/ports/processor.ts'
import { dayMs, paid } from './acts.ts'
import type { AdapterCall } from './calls.ts'
import type { Ground } from './ground.ts'

type Walk = Parameters<Processor['walk']>[0]

async function walked(processor: Processor, kind: Walk, filter = {}): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of processor.walk(kind, filter)) ids.push(id)
  return ids
}

/** A dispute about a payment of its own. */
async function disputed({ steer, ...ground }: Ground) {
  const { charge, intent } = await paid({ steer, ...ground })
  await steer('disputes', { charge })
  const [dispute] = ground.sandbox.state.list('dispute')
  return { intent, id: dispute?.id ?? '' }
}

async function paidOut(ground: Ground): Promise<string> {
  await paid(ground)
  ground.sandbox.state.advance(7 * dayMs)
  await ground.steer('payouts', { currency: 'usd' })
  return ground.sandbox.state.list('payout')[0]?.id ?? ''
}

export const callsAfterwards: readonly AdapterCall[] = [
  {
    route: 'GET /v1/events',
    make: async (processor, ground) => {
      await paid(ground)
      const types: string[] = []
      for await (const { type } of processor.listEvents(Date.now() - dayMs)) types.push(type)
      expect(types).toContain('payment_intent.succeeded')
    },
  },
  {
    route: 'GET /v1/disputes/:id',
    make: async (processor, ground) => {
      const { id } = await disputed(ground)
      const object = await processor.readObject('dispute', id)
      expect(object).toMatchObject({ kind: 'dispute', observation: { status: 'needs_response' } })
    },
  },
  {
    route: 'GET /v1/disputes',
    make: async (processor, ground) => {
      const { id, intent } = await disputed(ground)
      expect(await walked(processor, 'dispute', { processorPaymentId: intent })).toEqual([id])
      expect(await walked(processor, 'refund', { processorPaymentId: intent })).toEqual([])
      expect(await walked(processor, 'payment', { from: 0 })).toContain(intent)
    },
  },
  {
    route: 'POST /v1/disputes/:id',
    make: async (processor, ground) => {
      const { id } = await disputed(ground)
      const answer = { disputeId: id, text: 'winning_evidence', key: id }
      expect(await processor.submitEvidence(answer)).toMatchObject({ status: 'won' })
    },
  },
  {
    route: 'GET /v1/radar/early_fraud_warnings/:id',
    make: async (processor, ground) => {
      await paid(ground, 'pm_card_createIssuerFraudRecord')
      ground.sandbox.state.advance(10_000)
      const [warning] = ground.sandbox.state.list('early_fraud_warning')
      const object = await processor.readObject('radar.early_fraud_warning', warning?.id ?? '')
      expect(object).toMatchObject({ kind: 'concern', what: 'fraud_warning' })
    },
  },
  {
    route: 'GET /v1/reviews/:id',
    make: async (processor, ground) => {
      const { charge } = await paid(ground)
      await ground.steer('reviews', { charge })
      const [review] = ground.sandbox.state.list('review')
      const object = await processor.readObject('review', review?.id ?? '')
      expect(object).toMatchObject({ kind: 'concern', what: 'review', state: 'open' })
    },
  },
  {
    route: 'GET /v1/payouts/:id',
    make: async (processor, ground) => {
      const id = await paidOut(ground)
      const object = await processor.readObject('payout', id)
      expect(object).toMatchObject({ kind: 'payout', observation: { status: 'paid' } })
    },
  },
  {
    route: 'GET /v1/payouts',
    make: async (processor, ground) => {
      const id = await paidOut(ground)
      expect(await walked(processor, 'payout')).toContain(id)
    },
  },
  {
    route: 'GET /v1/balance_transactions',
    make: async (processor, ground) => {
      const object = await processor.readObject('payout', await paidOut(ground))
      const items = object?.kind === 'payout' ? object.observation.items : null
      expect(items?.length).toBeGreaterThan(0)
    },
  },
]
