// What everybody who moves money must do, online or not. It knows no cards, customers or events: whoever passes
// it can stand behind a payment. The processors of cards have a contract of their own besides.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Money } from '../core/money.ts'
import { newId, now } from './processor.contract.world.ts'
import type { MoneyMover, MoneyRequest } from './processor.ts'

export interface MoverFixture<Request extends MoneyRequest> {
  readonly mover: MoneyMover<Request>
  /** A payment that will succeed, of somebody who can pay. */
  request(amount: Money): Promise<Request>
  /** Called once for everything that was answered, so that it can be found again. */
  keep(seen: { processorId: string | null; amountMinor: number; currency: string }): void
  close(): Promise<void>
}

const amount: Money = { amountMinor: 4_900, currency: 'USD' }
const nobody = { processorId: null, processorCustomerId: null, createdAt: now }

/** Runs the contract. `make` starts somebody with no payments. */
export function describeMover<Request extends MoneyRequest>(
  name: string,
  make: () => Promise<MoverFixture<Request>>,
): void {
  describe(`moving money by ${name}`, () => {
    let fixture: MoverFixture<Request>
    beforeAll(async () => {
      fixture = await make()
    })
    afterAll(() => fixture.close())
    const paid = async (money = amount) => {
      const request = await fixture.request(money)
      const seen = await fixture.mover.charge(request)
      fixture.keep(seen)
      return { request, seen }
    }
    const refundOf = (processorPaymentId: string, amountMinor: number) => ({
      transactionId: newId('txn'),
      tenantId: 'tenant_1',
      amount: { amountMinor, currency: 'USD' },
      processorPaymentId,
      createdAt: now,
    })

    it('says who it is, the same twice', async () => {
      expect(await fixture.mover.identify()).toEqual(await fixture.mover.identify())
    })

    it.each([
      amount,
      { amountMinor: 4_900, currency: 'JPY' },
      { amountMinor: 4_900, currency: 'KWD' },
    ])('$amountMinor minor units of $currency arrive as that many, fee + net', async money => {
      const { seen } = await paid(money)
      expect(seen).toMatchObject({ status: 'succeeded', ...money, failureCode: null })
      expect((seen.feeMinor ?? 0) + (seen.netMinor ?? 0)).toBe(4_900)
      expect(seen.processorId).not.toBeNull()
    })

    it('one payment asked for twice is one payment, another is another', async () => {
      const { request, seen } = await paid()
      expect(await fixture.mover.charge(request)).toEqual(seen)
      const { seen: other } = await paid()
      expect(other.processorId).not.toBe(seen.processorId)
    })

    it('a payment is found by its object, and one that never began is not', async () => {
      const { request, seen } = await paid()
      const { transactionId } = request
      const { processorId } = seen
      const found = await fixture.mover.findPayment({ ...nobody, transactionId, processorId })
      expect(found).toMatchObject({ processorId, status: 'succeeded', ...amount })
      const never = { ...nobody, transactionId: newId('txn') }
      expect(await fixture.mover.findPayment(never)).toBeNull()
    })

    it('a payment that arrived cannot be called off any more', async () => {
      const { seen } = await paid()
      const after = await fixture.mover.cancelPayment(seen.processorId ?? '')
      expect(after).toMatchObject({ processorId: seen.processorId, status: 'succeeded' })
    })

    it('a part is refunded once however often it is asked, and found', async () => {
      const { seen } = await paid()
      const request = refundOf(seen.processorId ?? '', 1_900)
      const refund = await fixture.mover.refund(request)
      fixture.keep(refund)
      expect(refund).toMatchObject({ status: 'succeeded', amountMinor: 1_900, currency: 'USD' })
      expect(await fixture.mover.refund(request)).toEqual(refund)
      const { transactionId, processorPaymentId } = request
      const { processorId } = refund
      const known = { transactionId, processorId, processorPaymentId }
      expect(await fixture.mover.findRefund(known)).toEqual(refund)
      const never = { ...known, transactionId: newId('txn'), processorId: null }
      expect(await fixture.mover.findRefund(never)).toBeNull()
    })
  })
}
