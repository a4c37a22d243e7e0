import { describe, expect, it } from 'vitest'
import { ProcessorUnavailable } from '../../ports/processor.ts'
import { backoffAfter, makeGate, withRetries } from './limits.ts'

const policy = { attemptsMax: 3, backoffMs: 250 }

describe('the wait between two tries', () => {
  it('doubles from 250 ms and stops at 4 s', () => {
    const waits = [1, 2, 3, 5, 9].map(attempt => backoffAfter(attempt, policy, () => 1))
    expect(waits).toEqual([250, 500, 1_000, 4_000, 4_000])
  })

  it('is at least half of that, by chance', () => {
    expect(backoffAfter(1, policy, () => 0)).toBe(125)
    expect(backoffAfter(1, policy, () => 0.5)).toBe(188)
  })
})

describe('tries', () => {
  it('3 tries in all, and the last failure is thrown', async () => {
    let tries = 0
    const call = async () => {
      tries += 1
      throw new Error(`try ${tries}`)
    }
    const tried = withRetries({ attemptsMax: 3, backoffMs: 0 }, call, () => true)
    await expect(tried).rejects.toThrow('try 3')
  })

  it('1 try where repeating is not worth it', async () => {
    let tries = 0
    const call = async () => {
      tries += 1
      throw new Error('no')
    }
    await expect(withRetries(policy, call, () => false)).rejects.toThrow('no')
    expect(tries).toBe(1)
  })
})

describe('the gate', () => {
  it('lets 1,000 calls wait behind the one that runs and turns the next one away', async () => {
    const gate = makeGate(1)
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const calls = [gate.pass(() => held)]
    for (let number = 0; number < 1_000; number += 1) calls.push(gate.pass(async () => {}))
    await expect(gate.pass(async () => {})).rejects.toThrow(ProcessorUnavailable)
    release()
    await Promise.all(calls)
    await expect(gate.pass(async () => 'through')).resolves.toBe('through')
  })

  it('5 calls run 2 at a time', async () => {
    const gate = makeGate(2)
    let running = 0
    let most = 0
    const call = async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise(resolve => setImmediate(resolve))
      running -= 1
    }
    await Promise.all([1, 2, 3, 4, 5].map(() => gate.pass(call)))
    expect(most).toBe(2)
  })

  it('a call that fails gives its place back', async () => {
    const gate = makeGate(1)
    const failing = gate.pass(async () => {
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await expect(gate.pass(async () => 'through')).resolves.toBe('through')
  })
})
