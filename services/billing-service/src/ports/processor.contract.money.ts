// What every processor must do with money: charge once, decline as data, survive trouble, refund.
import { expect, it } from 'vitest'
import { amount, newId, now, type World } from './processor.contract.world.ts'
import { ProcessorUnavailable } from './processor.ts'

/** Charges that need nobody: approved, declined, repeated, in every kind of currency. */
export function describeCharges({ fixture, attach: attached, charge }: World): void {
  it('a charge of 49.00 USD succeeds with fee + net = 49.00', async () => {
    const { processor, methods } = fixture()
    const { processorId } = await attached(methods.approved)
    const seen = await processor.charge(charge(processorId))
    expect(seen).toMatchObject({ status: 'succeeded', ...amount, failureCode: null })
    expect((seen.feeMinor ?? 0) + (seen.netMinor ?? 0)).toBe(4_900)
    expect(seen.settlementCurrency).toBe('USD')
  })

  it('the same charge twice is one payment', async () => {
    const { processor, methods, recorded } = fixture()
    const { processorId } = await attached(methods.approved)
    const request = charge(processorId)
    const first = await processor.charge(request)
    expect(await processor.charge(request)).toEqual(first)
    expect(recorded(request.transactionId)).toBe(1)
  })

  it.each([
    { currency: 'JPY', amountMinor: 4_900 },
    { currency: 'ISK', amountMinor: 4_900 },
    { currency: 'KWD', amountMinor: 4_900 },
  ])('$amountMinor minor units of $currency are charged as that many', async money => {
    const { processor, methods } = fixture()
    const { processorId } = await attached(methods.approved)
    const seen = await processor.charge(charge(processorId, { amount: money }))
    expect(seen).toMatchObject({ status: 'succeeded', ...money })
  })

  it('a decline is a failed payment with its object and its reasons', async () => {
    const { processor, methods } = fixture()
    const { processorId } = await attached(methods.declinedWhenCharged)
    const seen = await processor.charge(charge(processorId))
    expect(seen).toMatchObject({ status: 'failed', ...amount, feeMinor: null })
    expect(seen.processorId).not.toBeNull()
    expect(seen.declineCode).not.toBeNull()
  })
}

/** Charges for which the bank asks the payer, and charges that are called off. */
export function describeChallenges({ fixture, attach: attached, charge }: World): void {
  it('a challenge on session waits for the payer at an address, and can be cancelled', async () => {
    const { processor, methods } = fixture()
    const { processorId } = await attached(methods.challenged)
    const seen = await processor.charge(charge(processorId, { offSession: false }))
    expect(seen).toMatchObject({ status: 'requires_action', failureCode: null })
    expect(seen.nextActionUrl).toMatch(/^https?:\/\//)
    const canceled = await processor.cancelPayment(seen.processorId ?? '')
    expect(canceled).toMatchObject({ status: 'canceled', nextActionUrl: null })
  })

  it('a challenge off session is a decline that asks for authentication', async () => {
    const { processor, methods } = fixture()
    const { processorId } = await attached(methods.challenged)
    const seen = await processor.charge(charge(processorId))
    expect(seen).toMatchObject({ status: 'failed', failureCode: 'authentication_required' })
  })

  it('cancelling what has succeeded changes nothing and says so', async () => {
    const { processor, methods } = fixture()
    const { processorId } = await attached(methods.approved)
    const seen = await processor.charge(charge(processorId))
    const after = await processor.cancelPayment(seen.processorId ?? '')
    expect(after.status).toBe('succeeded')
  })
}

/** A processor that turns calls away: nothing is lost and nothing is doubled. */
export function describeBusy({ fixture, attach: attached, charge }: World): void {
  it('a charge that meets a busy processor once goes through', async () => {
    const { processor, methods, disturb, recorded } = fixture()
    const { processorId } = await attached(methods.approved)
    disturb('busy_once')
    const request = charge(processorId)
    expect((await processor.charge(request)).status).toBe('succeeded')
    expect(recorded(request.transactionId)).toBe(1)
  })

  it('a processor that stays busy is unavailable, and nothing was charged', async () => {
    const { processor, methods, disturb, recorded } = fixture()
    const { processorId } = await attached(methods.approved)
    disturb('busy')
    const request = charge(processorId)
    await expect(processor.charge(request)).rejects.toThrow(ProcessorUnavailable)
    expect(recorded(request.transactionId)).toBe(0)
  })
}

/** Charges whose answer never came, and those that were never made. */
export function describeLost({ fixture, customer, attach: attached, charge }: World): void {
  it('a charge whose answer is lost is found by our id and charged once', async () => {
    const { processor, methods, disturb, calm, recorded } = fixture()
    const { processorId } = await attached(methods.approved)
    await processor.charge(charge(processorId))
    const request = charge(processorId)
    disturb('answers_lost')
    await expect(processor.charge(request)).rejects.toThrow(ProcessorUnavailable)
    calm()
    const found = await processor.findPayment({
      transactionId: request.transactionId,
      processorId: null,
      processorCustomerId: customer(),
      createdAt: now,
    })
    expect(found).toMatchObject({ status: 'succeeded', ...amount })
    expect(await processor.charge(request)).toEqual(found)
    expect(recorded(request.transactionId)).toBe(1)
  })

  it('a decline is found by its object with the reasons it was answered with', async () => {
    const { processor, methods } = fixture()
    const { processorId } = await attached(methods.declinedWhenCharged)
    const request = charge(processorId)
    const seen = await processor.charge(request)
    const found = await processor.findPayment({
      transactionId: request.transactionId,
      processorId: seen.processorId,
      processorCustomerId: customer(),
      createdAt: now,
    })
    expect(found).toMatchObject({
      status: 'failed',
      failureCode: seen.failureCode,
      declineCode: seen.declineCode,
      adviceCode: seen.adviceCode,
    })
  })

  it('a charge that never began is null, with a customer and without', async () => {
    const { processor } = fixture()
    const lookup = { transactionId: newId('txn'), processorId: null, createdAt: now }
    const withCustomer = { ...lookup, processorCustomerId: customer() }
    expect(await processor.findPayment(withCustomer)).toBeNull()
    expect(await processor.findPayment({ ...lookup, processorCustomerId: null })).toBeNull()
  })
}

/** Refunds: in part, too much, repeated, and with a lost answer. */
export function describeRefunds({ fixture, attach: attached, charge }: World): void {
  const paid = async () => {
    const { processor, methods } = fixture()
    const { processorId } = await attached(methods.approved)
    const seen = await processor.charge(charge(processorId))
    return seen.processorId ?? ''
  }
  const refundOf = (processorPaymentId: string, amountMinor: number) => ({
    transactionId: newId('txn'),
    tenantId: 'tenant_1',
    amount: { amountMinor, currency: 'USD' },
    processorPaymentId,
    createdAt: now,
  })

  it('20.00 of 49.00 are given back once, however often it is asked', async () => {
    const { processor, recorded } = fixture()
    const request = refundOf(await paid(), 2_000)
    const first = await processor.refund(request)
    expect(first).toMatchObject({ status: 'succeeded', amountMinor: 2_000, currency: 'USD' })
    expect(await processor.refund(request)).toEqual(first)
    expect(recorded(request.transactionId)).toBe(1)
  })

  it('a refund of more than is left has failed, and none is on record', async () => {
    const { processor, recorded } = fixture()
    const payment = await paid()
    await processor.refund(refundOf(payment, 4_000))
    const request = refundOf(payment, 1_000)
    const seen = await processor.refund(request)
    expect(seen).toMatchObject({ status: 'failed', amountMinor: 1_000 })
    expect(seen.failureCode).not.toBeNull()
    expect(recorded(request.transactionId)).toBe(0)
    const { processorId } = seen
    const lookup = { transactionId: request.transactionId, processorPaymentId: payment }
    expect(await processor.findRefund({ ...lookup, processorId })).toBeNull()
  })

  it('a refund whose answer is lost is found by our id', async () => {
    const { processor, disturb, calm, recorded } = fixture()
    const payment = await paid()
    const request = refundOf(payment, 2_000)
    disturb('answers_lost')
    await expect(processor.refund(request)).rejects.toThrow(ProcessorUnavailable)
    calm()
    const lookup = { transactionId: request.transactionId, processorPaymentId: payment }
    const found = await processor.findRefund({ ...lookup, processorId: null })
    expect(found).toMatchObject({ status: 'succeeded', amountMinor: 2_000 })
    const processorId = found?.processorId ?? ''
    expect(await processor.findRefund({ ...lookup, processorId })).toEqual(found)
    expect(recorded(request.transactionId)).toBe(1)
  })
}
