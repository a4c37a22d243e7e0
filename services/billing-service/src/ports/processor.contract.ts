// What every processor behind the port must do, as a suite that an adapter's test runs on a real
// one. It knows no processor: the fixture names the methods that behave in a certain way.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Refusal } from '../core/refusal.ts'
import {
  describeAccount,
  describeAttaching,
  describeChanging,
} from './processor.contract.methods.ts'
import {
  describeBusy,
  describeChallenges,
  describeCharges,
  describeLost,
  describeRefunds,
} from './processor.contract.money.ts'
import {
  amount,
  attach,
  chargeRequest,
  newCustomer,
  newId,
  now,
  type ProcessorFixture,
  type World,
} from './processor.contract.world.ts'

/** Runs the contract. `make` starts a processor with nothing in it. */
export function describeProcessor(name: string, make: () => Promise<ProcessorFixture>): void {
  describe(`the processor ${name}`, () => {
    let fixture: ProcessorFixture
    let customer: string
    beforeAll(async () => {
      fixture = await make()
    })
    afterAll(() => fixture.close())
    beforeEach(async () => {
      fixture.calm()
      customer = await fixture.processor.createCustomer(newCustomer())
    })
    const world: World = {
      fixture: () => fixture,
      customer: () => customer,
      attach: async method => {
        const answer = await attach(fixture, customer, method)
        if (answer.outcome !== 'attached') throw new Error(`attaching answered ${answer.outcome}`)
        return answer.method
      },
      charge: (methodId, changes = {}) =>
        chargeRequest({ processorCustomerId: customer, processorMethodId: methodId, ...changes }),
    }
    describeAccount(world)
    describeAttaching(world)
    describeChanging(world)
    describeCharges(world)
    describeChallenges(world)
    describeBusy(world)
    describeLost(world)
    describeRefunds(world)
    describeEvents(world)
  })
}

function describeEvents({ fixture, attach: attached, charge }: World): void {
  it('an event of a payment leads to the payment with our own names', async () => {
    const { processor, methods, eventOf } = fixture()
    const { processorId } = await attached(methods.approved)
    const request = charge(processorId)
    const seen = await processor.charge(request)
    const { rawBody, signature } = eventOf('payment', now)
    const event = processor.readEvent(rawBody, signature, now)
    expect(event.objectId).toBe(seen.processorId)
    expect(await processor.readObject(event.objectType, event.objectId)).toMatchObject({
      kind: 'payment',
      tenantId: 'tenant_1',
      transactionId: request.transactionId,
      observation: seen,
    })
  })

  it('an event of a refund leads to the refund and names its payment', async () => {
    const { processor, methods, eventOf } = fixture()
    const { processorId } = await attached(methods.approved)
    const payment = await processor.charge(charge(processorId))
    const transactionId = newId('txn')
    const observation = await processor.refund({
      transactionId,
      tenantId: 'tenant_1',
      amount,
      processorPaymentId: payment.processorId ?? '',
      createdAt: now,
    })
    const { rawBody, signature } = eventOf('refund', now)
    const event = processor.readEvent(rawBody, signature, now)
    expect(await processor.readObject(event.objectType, event.objectId)).toEqual({
      kind: 'refund',
      tenantId: 'tenant_1',
      transactionId,
      processorPaymentId: payment.processorId,
      observation,
    })
  })

  it('a changed byte, no signature, or 301 s either way are invalid_signature', async () => {
    const { processor, methods, eventOf } = fixture()
    const { processorId } = await attached(methods.approved)
    await processor.charge(charge(processorId))
    const { rawBody, signature } = eventOf('payment', now)
    const changed = Buffer.from(rawBody)
    changed[changed.length - 2] = 0x20
    const refused = (body: Buffer, header: string | undefined, at: number) => {
      expect(() => processor.readEvent(body, header, at)).toThrow(Refusal)
    }
    refused(changed, signature, now)
    refused(rawBody, undefined, now)
    refused(rawBody, signature, now + 301_000)
    refused(rawBody, signature, now - 301_000)
    expect(processor.readEvent(rawBody, signature, now + 299_000).eventId).not.toBe('')
  })
}
