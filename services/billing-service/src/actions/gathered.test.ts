import { describe, expect, it } from 'vitest'
import { gathered } from './gathered.ts'

/** Work that waits to be let go; tells the sizes of its groups. */
function held() {
  const sizes: number[] = []
  const gates: (() => void)[] = []
  const ask = gathered<number, number>(async items => {
    sizes.push(items.length)
    await new Promise<void>(resolve => gates.push(resolve))
    return items.map(item =>
      item < 0
        ? { status: 'rejected', reason: new Error(`${item}`) }
        : { status: 'fulfilled', value: item * 2 },
    )
  })
  const turn = () => new Promise(resolve => setImmediate(resolve))
  const letGo = async () => {
    for (const open of gates.splice(0)) open()
    await turn()
    await turn()
  }
  return { ask, sizes, letGo, turn }
}

describe('calls that are gathered', () => {
  it('come alone in a group of 1, and while two groups run make up the next', async () => {
    const { ask, sizes, letGo, turn } = held()
    const first = ask(1)
    await turn()
    const second = ask(2)
    await turn()
    const rest = [3, 4, 5].map(ask)
    await turn()
    expect(sizes).toEqual([1, 1])
    await letGo()
    expect(sizes).toEqual([1, 1, 3])
    await letGo()
    expect(await Promise.all([first, second, ...rest])).toEqual([2, 4, 6, 8, 10])
  })

  it('have an outcome of their own', async () => {
    const { ask, letGo, turn } = held()
    const asked = [1, -2, 3].map(ask)
    const outcomes = Promise.allSettled(asked)
    await turn()
    await letGo()
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
  })

  it('all fail when the group does', async () => {
    const ask = gathered<number, number>(() => Promise.reject(new Error('no database')))
    const outcomes = await Promise.allSettled([1, 2].map(ask))
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
  })

  it('never exceed 500 in a group', async () => {
    const { ask, sizes, letGo, turn } = held()
    const asked = Array.from({ length: 1_200 }, (_, n) => ask(n))
    await turn()
    for (let n = 0; n < 4; n += 1) await letGo()
    await Promise.all(asked)
    expect(sizes).toEqual([500, 500, 200])
  })
})
