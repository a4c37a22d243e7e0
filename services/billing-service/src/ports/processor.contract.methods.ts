// What every processor must do with customers and payment methods.
import { expect, it } from 'vitest'
import {
  attach,
  chargeRequest,
  newCustomer,
  newId,
  type World,
} from './processor.contract.world.ts'

/** Who we are there, and customers that are made once. */
export function describeAccount({ fixture }: World): void {
  it('says who we are there, the same twice', async () => {
    const { processor } = fixture()
    const first = await processor.identify()
    expect(first.account).not.toBe('')
    expect(await processor.identify()).toEqual(first)
  })

  it('a customer asked for twice is made once, and another customer is another one', async () => {
    const { processor } = fixture()
    const request = newCustomer()
    const first = await processor.createCustomer(request)
    expect(await processor.createCustomer(request)).toBe(first)
    expect(await processor.createCustomer(newCustomer())).not.toBe(first)
  })
}

const addressOf = (city: string) => ({
  line1: 'Hauptstr. 1',
  line2: null,
  city,
  state: null,
  postalCode: '10115',
  country: 'DE',
})

/** Methods that become a customer's, and those that do not. */
export function describeAttaching({ fixture, customer, attach: attached }: World): void {
  it('an attached card tells its last 4 digits and expiry, and keeps its address', async () => {
    const { processor, methods } = fixture()
    const answer = await processor.attachMethod({
      key: newId('key'),
      processorCustomerId: customer(),
      processorMethodId: methods.approved,
      billingDetails: { name: 'Li Wei', email: null, address: addressOf('Berlin') },
      acceptance: null,
    })
    if (answer.outcome !== 'attached') throw new Error(answer.outcome)
    expect(answer.method).toMatchObject({
      type: 'card',
      verified: true,
      bankAccount: null,
      card: { last4: expect.stringMatching(/^\d{4}$/), expMonth: expect.any(Number) },
      billingDetails: { name: 'Li Wei', email: null, address: { city: 'Berlin', country: 'DE' } },
    })
    expect(answer.method.fingerprint).not.toBeNull()
  })

  it('attaching twice by key, or the same method again, answers one method', async () => {
    const { processor, methods } = fixture()
    const request = {
      key: newId('key'),
      processorCustomerId: customer(),
      processorMethodId: methods.approved,
      billingDetails: null,
      acceptance: null,
    }
    const first = await processor.attachMethod(request)
    expect(await processor.attachMethod(request)).toEqual(first)
    if (first.outcome !== 'attached') throw new Error(first.outcome)
    const { processorId } = first.method
    const again = { ...request, key: newId('key'), processorMethodId: processorId }
    expect(await processor.attachMethod(again)).toEqual(first)
  })

  it('a card that the bank refuses is declined with its reason, not attached', async () => {
    const { methods } = fixture()
    const answer = await attach(fixture(), customer(), methods.declinedWhenAttached)
    expect(answer.outcome).toBe('declined')
    if (answer.outcome === 'declined') expect(answer.decline.failureCode).not.toBeNull()
  })

  it("another customer's method is attached_elsewhere and stays theirs", async () => {
    const { processor, methods } = fixture()
    const theirs = await attached(methods.approved)
    const other = await processor.createCustomer(newCustomer())
    const answer = await attach(fixture(), other, theirs.processorId)
    expect(answer).toEqual({ outcome: 'attached_elsewhere' })
  })

  it.each(['pm_nobodyknowsthis', '../customers', ''])('the method "%s" is unknown', async id => {
    expect(await attach(fixture(), customer(), id)).toEqual({ outcome: 'unknown' })
  })
}

/** Methods that are changed, set up or let go. */
export function describeChanging({ fixture, customer, attach: attached }: World): void {
  it('a detached method can be detached again, but neither attached nor charged', async () => {
    const { processor, methods } = fixture()
    const { processorId } = await attached(methods.approved)
    await processor.detachMethod(processorId)
    await processor.detachMethod(processorId)
    const answer = await attach(fixture(), customer(), processorId)
    expect(answer.outcome).toBe('declined')
    const charged = await processor.charge(
      chargeRequest({ processorCustomerId: customer(), processorMethodId: processorId }),
    )
    expect(charged.status).toBe('failed')
    expect(charged.failureCode).not.toBeNull()
  })

  it('a new expiry and new billing details are kept, null removes one', async () => {
    const { processor, methods } = fixture()
    const { processorId, card } = await attached(methods.approved)
    const year = (card?.expYear ?? 0) + 1
    const changed = await processor.updateMethod({
      processorMethodId: processorId,
      billingDetails: { name: 'Li Wei', phone: '+49301234567' },
      expiry: { month: 3, year },
    })
    expect(changed).toMatchObject({
      card: { expMonth: 3, expYear: year },
      billingDetails: { name: 'Li Wei', phone: '+49301234567' },
    })
    const cleared = await processor.updateMethod({
      processorMethodId: processorId,
      billingDetails: { phone: null },
      expiry: null,
    })
    expect(cleared.billingDetails).toMatchObject({ name: 'Li Wei', phone: null })
  })

  it('a set-up gives a client secret, the same one for the same key', async () => {
    const { processor } = fixture()
    const request = {
      key: newId('key'),
      tenantId: 'tenant_1',
      processorCustomerId: customer(),
      type: 'card' as const,
      verification: 'automatic' as const,
    }
    const first = await processor.createSetup(request)
    expect(first.clientSecret).not.toBe('')
    expect(await processor.createSetup(request)).toEqual(first)
  })
}
