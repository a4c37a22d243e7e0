import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CreditBalance, fromBalance, moveBalance } from './credit-balance.ts'
import { Refusal } from './refusal.ts'

const empty: CreditBalance = {
  tenantId: 't',
  id: 'cus_1:USD',
  customerId: 'cus_1',
  currency: 'USD',
  balanceMinor: 0,
  lots: [],
  createdAt: 0,
  updatedAt: 0,
  version: 1,
}

const move = (balance: CreditBalance, n: number, amountMinor: number) =>
  moveBalance(balance, `ce_${n}`, amountMinor, n)

describe('moveBalance', () => {
  it('spends 12.00 of 10.00 and 5.00: all of the older, 2.00 of the newer', () => {
    const two = move(move(empty, 1, 1_000).balance, 2, 500).balance
    const { balance, used } = move(two, 3, -1_200)
    expect(used).toEqual([
      { entryId: 'ce_1', amountMinor: 1_000 },
      { entryId: 'ce_2', amountMinor: 200 },
    ])
    expect(balance).toMatchObject({
      balanceMinor: 300,
      lots: [{ entryId: 'ce_2', leftMinor: 300 }],
    })
  })

  it('credit of 1.00 first pays a carried debt of 0.30', () => {
    const { balance } = move(move(empty, 1, -30).balance, 2, 100)
    expect(balance).toMatchObject({ balanceMinor: 70, lots: [{ entryId: 'ce_2', leftMinor: 70 }] })
  })

  it('every lot is used in order and never beyond what it gave, whatever the movements', () => {
    const amounts = fc.array(fc.integer({ min: -5_000, max: 5_000 }).filter(n => n !== 0))
    fc.assert(
      fc.property(amounts, movements => {
        let balance = empty
        const used = new Map<string, number>()
        let last = 0
        for (const [n, amount] of movements.entries()) {
          const moved = move(balance, n, amount)
          for (const part of moved.used) {
            const source = Number(part.entryId.slice(3))
            expect(source).toBeGreaterThanOrEqual(last)
            last = source
            used.set(part.entryId, (used.get(part.entryId) ?? 0) + part.amountMinor)
            expect(used.get(part.entryId)).toBeLessThanOrEqual(movements[source]!)
          }
          balance = moved.balance
        }
        expect(balance.balanceMinor).toBe(movements.reduce((a, b) => a + b, 0))
      }),
    )
  })
})

describe('fromBalance', () => {
  const taken = (
    totalMinor: number,
    balanceMinor: number,
    collection: 'automatic' | 'manual' = 'automatic',
    currency = 'USD',
  ) => fromBalance({ totalMinor, currency, collection }, balanceMinor)

  it.each([
    ['a total of 0 takes nothing and collects nothing', 0, -30, 0],
    ['50.00 with 20.00 in credit takes 20.00', 5_000, 2_000, 2_000],
    ['50.00 with 80.00 in credit takes 50.00', 5_000, 8_000, 5_000],
    ['0.30 is carried whole', 30, 0, 30],
    ['20.30 with 20.00 in credit leaves 0.30, which is carried', 2_030, 2_000, 2_030],
    ['10.00 with a debt of 0.30 collects it', 1_000, -30, -30],
    ['0.10 with a debt of 0.30 is still below 0.50: all is carried', 10, -30, 10],
    ['0.20 with a debt of 0.30 reaches 0.50 and is charged', 20, -30, -30],
  ])('%s', (_, total, balance, expected) => {
    expect(taken(total, balance)).toBe(expected)
  })

  it('an invoice that waits for the payer carries nothing', () => {
    expect(taken(30, 0, 'manual')).toBe(0)
  })

  it('of 1.234 dinar a card can be charged 1.230, and 0.004 are carried', () => {
    expect(taken(1_234, 0, 'automatic', 'KWD')).toBe(4)
  })

  it('1,000,000.00 is more than can be charged at once', () => {
    expect(() => taken(100_000_000, 0)).toThrow(Refusal)
    expect(taken(99_999_999, 0)).toBe(0)
  })

  it('what is charged, taken and carried is the total, for any total and balance', () => {
    const amounts = fc.tuple(
      fc.integer({ min: 0, max: 99_000_000 }),
      fc.integer({ min: -49, max: 9_000_000 }),
    )
    fc.assert(
      fc.property(amounts, ([total, balance]) => {
        const from = taken(total, balance)
        const charged = total - from
        expect(charged === 0 || charged >= 50).toBe(true)
        expect(balance - from).toBeGreaterThan(-50)
      }),
    )
  })
})
