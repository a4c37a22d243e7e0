import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { billableQuantity, chargeUsage, exactPrice } from './charge.ts'
import { checkTiers, type Tier, type UsagePrice } from './price.ts'
import { rateSlice, rateUsage } from './rate.ts'

const tier = (upTo: string | null, unitAmount: string, flatAmount = '0'): Tier => ({
  upTo,
  unitAmount,
  flatAmount,
})
const steps = [tier('5', '0', '100'), tier('10', '0', '50'), tier('15', '10'), tier(null, '5')]
const graduated: UsagePrice = { model: 'graduated', tiers: steps }
const volume: UsagePrice = {
  model: 'volume',
  tiers: [tier('100', '0.1'), tier('500', '0.05'), tier(null, '0.02')],
}
const inTens: UsagePrice = { model: 'package', packageSize: '10', packageAmount: '15' }
const cost = (price: UsagePrice, quantity: string) => exactPrice(price, { quantity })

describe('graduated tiers', () => {
  it('a bound is inclusive: 5 units cost 100, 5.001 open the next tier and cost 150', () => {
    expect(['0', '5', '5.001', '22'].map(quantity => cost(graduated, quantity))).toEqual([
      '100',
      '100',
      '150',
      '235',
    ])
  })

  it('the flat amount of the first tier falls due at zero usage, unless zero is free', () => {
    expect(exactPrice(graduated, { quantity: '0' }, { zeroUsage: 'free' })).toBe('0')
  })

  it('75 units at 0.0075 to 50 and 0.0025 above cost 0.4375, and 0.44 on the line', () => {
    const price: UsagePrice = {
      model: 'graduated',
      tiers: [tier('50', '0.0075'), tier(null, '0.0025')],
    }
    const charge = chargeUsage({ price, currency: 'USD', usage: { quantity: '75' } })
    expect([charge.exactAmount, charge.amountMinor]).toEqual(['0.4375', 44])
  })

  it('a second slice goes on in the tier where the first one stopped', () => {
    const parts = rateSlice(
      graduated,
      rateUsage(graduated, { quantity: '12' }),
      rateUsage(graduated, { quantity: '22' }),
    )
    expect(parts.map(part => [part.tier, String(part.quantity.digits)])).toEqual([
      [3, '3'],
      [4, '7'],
    ])
  })
})

describe('volume tiers', () => {
  it('all units take the price of the tier reached: 100 cost 10, 101 cost 5.05', () => {
    expect([cost(volume, '100'), cost(volume, '101')]).toEqual(['10', '5.05'])
  })

  it('a price without a tier for the quantity is a fault', () => {
    expect(() => cost({ model: 'volume', tiers: [tier('10', '1')] }, '11')).toThrow('tier')
  })
})

describe('packages', () => {
  it('count the total of the period: 17 units are 2 packages, 22 are 3', () => {
    expect([cost(inTens, '17'), cost(inTens, '22'), cost(inTens, '0')]).toEqual(['30', '45', '0'])
  })

  it('free units come off before packages are counted: 15 with 6 free are 1', () => {
    expect(cost({ ...inTens, freeUnits: '6' }, '15')).toBe('15')
  })

  it('5,325 units in 10 blocks of 100 and then blocks of 1,000 are 10 and 5 blocks', () => {
    const price: UsagePrice = {
      model: 'blocks',
      tiers: [
        { blockSize: '100', blocks: 10, blockAmount: '1' },
        { blockSize: '1000', blocks: null, blockAmount: '1' },
      ],
    }
    expect(rateUsage(price, { quantity: '5325' }).map(part => part.amount.digits)).toEqual([
      10n,
      5n,
    ])
  })

  it('a price per 10 units rounds 1 unit up to 10', () => {
    expect(cost({ model: 'standard', unitAmount: '1', per: '10' }, '1')).toBe('1')
    expect(cost({ model: 'standard', unitAmount: '1', per: '3' }, '7')).toBe('3')
  })
})

describe('percentages', () => {
  it('2.9 % + 0.30 of 100.00 and 10.00 is 3.20 + 0.59', () => {
    const price: UsagePrice = { model: 'percentage', ratePpm: 29_000, eventAmount: '0.3' }
    expect(exactPrice(price, { quantity: '110', events: ['100', '10'] })).toBe('3.79')
  })

  it('free value is used up by the earliest events and saves their fixed amount', () => {
    const price: UsagePrice = {
      model: 'percentage',
      ratePpm: 10_000,
      eventAmount: '1',
      freeAmount: '150',
    }
    expect(exactPrice(price, { quantity: '300', events: ['100', '100', '100'] })).toBe('3.5')
  })

  it('an event costs at least 0.50 and at most 5.00', () => {
    const price: UsagePrice = {
      model: 'percentage',
      ratePpm: 10_000,
      eventMinimum: '0.5',
      eventMaximum: '5',
    }
    expect(exactPrice(price, { quantity: '2010', events: ['10', '2000'] })).toBe('5.5')
  })

  it('1 % to 1,000 and 0.5 % above of 3,000 is 20', () => {
    const price: UsagePrice = {
      model: 'graduated_percentage',
      tiers: [
        { upTo: '1000', ratePpm: 10_000, flatAmount: '0' },
        { upTo: null, ratePpm: 5000, flatAmount: '0' },
      ],
    }
    expect(cost(price, '3000')).toBe('20')
  })
})

describe('the charge of a period', () => {
  const base = { price: inTens, currency: 'USD' } as const

  it('included units are used up by the earliest usage: 5 of 10 used, 15 more bill 10', () => {
    expect(billableQuantity('10', '5', '15')).toBe('10')
    expect(billableQuantity('10', '0', '7')).toBe('0')
  })

  it('included units do not count in volume tiers: 51 with 50 included cost 1 unit', () => {
    const charge = chargeUsage({
      price: volume,
      currency: 'USD',
      usage: { quantity: '51' },
      included: '50',
    })
    expect([charge.billableQuantity, charge.amountMinor]).toEqual(['1', 10])
  })

  it('late usage bills the difference: 401 units of which 1.00 is billed leave 4.00', () => {
    const price: UsagePrice = { model: 'package', packageSize: '100', packageAmount: '1' }
    const usage = { quantity: '401' }
    expect(chargeUsage({ price, currency: 'USD', usage, billedMinor: 100 }).amountMinor).toBe(400)
  })

  it('a correction downwards gives back: 5 packages billed, 3 used, -30.00', () => {
    const charge = chargeUsage({ ...base, usage: { quantity: '30' }, billedMinor: 7500 })
    expect(charge.amountMinor).toBe(-3000)
  })

  it('the maximum cuts the last slice: 90.00 billed of at most 100.00 leaves 10.00 of 75.00', () => {
    const charge = chargeUsage({
      ...base,
      usage: { quantity: '110' },
      billedMinor: 9000,
      maximumMinor: 10_000,
    })
    expect([charge.amountMinor, charge.cappedOffMinor]).toEqual([1000, 6500])
  })

  it('the minimum is topped up once, with the last slice', () => {
    const usage = { quantity: '0' }
    const open = chargeUsage({ ...base, usage, minimumMinor: 10_000 })
    const last = chargeUsage({ ...base, usage, minimumMinor: 10_000, isFinal: true })
    expect([open.amountMinor, last.amountMinor, last.topUpMinor]).toEqual([0, 10_000, 10_000])
  })

  it('a total below zero costs nothing, or mirrors the positive price where allowed', () => {
    const price = volume
    expect(exactPrice(price, { quantity: '-250' })).toBe('0')
    expect(exactPrice(price, { quantity: '-250' }, { negative: 'mirror' })).toBe('-12.5')
  })

  it('any slices of a period bill what one slice would', () => {
    const prices = fc.constantFrom(graduated, volume, inTens)
    const amounts = fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(prices, amounts, (price, slices) => {
        let quantity = 0
        let billedMinor = 0
        for (const slice of slices) {
          quantity += slice
          const usage = { quantity: `${quantity / 1000}` }
          billedMinor += chargeUsage({ price, currency: 'USD', usage, billedMinor }).amountMinor
        }
        const usage = { quantity: `${quantity / 1000}` }
        expect(billedMinor).toBe(chargeUsage({ price, currency: 'USD', usage }).amountMinor)
      }),
    )
  })
})

describe('tiers on offer', () => {
  it('rise, and the last one alone is open', () => {
    expect(() => checkTiers(steps, '/tiers')).not.toThrow()
    for (const tiers of [
      [],
      [tier('10', '1')],
      [tier(null, '1'), tier(null, '2')],
      [tier('10', '1'), tier('10', '1'), tier(null, '1')],
      [tier('0', '1'), tier(null, '1')],
    ]) {
      expect(() => checkTiers(tiers, '/tiers')).toThrow('invalid_request')
    }
  })
})
