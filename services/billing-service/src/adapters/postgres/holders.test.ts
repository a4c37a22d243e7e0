import { describe, expect, it } from 'vitest'
import { CannotShare, Holders } from './holders.ts'

const turns = async () => {
  for (let n = 0; n < 5; n += 1) await Promise.resolve()
}

describe('rows that pieces of work hold', () => {
  it('are one’s alone until its end, then the next one’s', async () => {
    const holders = new Holders()
    expect(await holders.take(1, 'a', 'alone')).toBe(false)
    const told: string[] = []
    const second = holders.take(2, 'a', 'alone').then(waited => told.push(`2 ${waited}`))
    const third = holders.take(3, 'a', 'alone').then(waited => told.push(`3 ${waited}`))
    await turns()
    expect(told).toEqual([])
    holders.ended(1)
    await second
    await turns()
    expect(told).toEqual(['2 true'])
    holders.ended(2)
    await third
    expect(told).toEqual(['2 true', '3 true'])
  })

  it('are shared by many, and one’s alone only when they have ended', async () => {
    const holders = new Holders()
    expect(await holders.take(1, 'a', 'shared')).toBe(false)
    expect(await holders.take(2, 'a', 'shared')).toBe(false)
    let got = false
    const alone = holders.take(3, 'a', 'alone').then(() => {
      got = true
    })
    holders.ended(1)
    await turns()
    expect(got).toBe(false)
    holders.ended(2)
    await alone
    expect(got).toBe(true)
  })

  it('may be taken again, and more strongly, by who holds them', async () => {
    const holders = new Holders()
    await holders.take(1, 'a', 'shared')
    expect(await holders.take(1, 'a', 'alone')).toBe(false)
    expect(await holders.take(1, 'a', 'shared')).toBe(false)
    let got = false
    void holders.take(2, 'a', 'shared').then(() => {
      got = true
    })
    await turns()
    expect(got).toBe(false)
  })

  it('are not waited for in a ring', async () => {
    const holders = new Holders()
    await holders.take(1, 'a', 'alone')
    await holders.take(2, 'b', 'alone')
    await holders.take(3, 'c', 'alone')
    void holders.take(1, 'b', 'alone')
    void holders.take(2, 'c', 'alone')
    await expect(holders.take(3, 'a', 'alone')).rejects.toThrow(CannotShare)
  })

  it('shared by two who both want them alone are a ring', async () => {
    const holders = new Holders()
    await holders.take(1, 'a', 'shared')
    await holders.take(2, 'a', 'shared')
    void holders.take(1, 'a', 'alone')
    await expect(holders.take(2, 'a', 'alone')).rejects.toThrow(CannotShare)
  })
})
