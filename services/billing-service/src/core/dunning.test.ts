import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  type DunningSettings,
  type Failure,
  nextStep,
  presentmentsSpent,
  withinLimits,
} from './dunning.ts'

const settings: DunningSettings = {
  gracePeriodDays: 7,
  dunningAttempts: 3,
  dunningIntervalDays: 3,
  dunningDays: null,
  dunningFinalAction: 'unpaid',
  zone: 'UTC',
}
const day = (date: string, time = '10:00') => Date.parse(`2024-${date}T${time}:00Z`)
const first = day('03-04')

const failure = (more: Partial<Failure> = {}): Failure => ({
  at: first,
  firstFailedAt: first,
  triesMade: 1,
  presentments: 0,
  decline: { class: 'retry_spaced', cause: 'declined' },
  methodType: 'card',
  recentTries: [],
  ...more,
})
const soft = (cause: 'funds' | 'technical' | 'limit') => ({ class: 'retry_later', cause }) as const
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(0, 16))

describe('the schedule: 3 retries, 3 days apart, access for 7 days', () => {
  test.each([
    { triesMade: 1, at: '03-04', retry: '2024-03-07T10:00', giveUp: null },
    { triesMade: 2, at: '03-07', retry: '2024-03-10T10:00', giveUp: null },
    { triesMade: 3, at: '03-10', retry: '2024-03-13T10:00', giveUp: null },
    { triesMade: 4, at: '03-13', retry: null, giveUp: '2024-03-13T10:00' },
  ])('after try $triesMade on $at comes $retry, or the end at $giveUp', row => {
    const step = nextStep(settings, failure({ triesMade: row.triesMade, at: day(row.at) }))
    expect([iso(step.retryAt), iso(step.giveUpAt)]).toEqual([row.retry, row.giveUp])
    expect(iso(step.graceEndsAt)).toBe('2024-03-11T10:00')
  })

  it('spent retries wait for grace to be over: 2 retries a day apart end on day 7', () => {
    const quick = { ...settings, dunningAttempts: 2, dunningIntervalDays: 1 }
    const step = nextStep(quick, failure({ triesMade: 3, at: day('03-06') }))
    expect([step.reason, iso(step.giveUpAt)]).toEqual(['retries_spent', '2024-03-11T10:00'])
  })

  it('days 1, 3, 5, 7, 10, 14 replace attempts and interval', () => {
    const listed = { ...settings, dunningDays: [1, 3, 5, 7, 10, 14] }
    const at = [1, 2, 3, 4, 5, 6].map(triesMade => nextStep(listed, failure({ triesMade })).retryAt)
    expect(at.map(iso)).toEqual(
      ['05', '07', '09', '11', '14', '18'].map(date => `2024-03-${date}T10:00`),
    )
    expect(nextStep(listed, failure({ triesMade: 7 })).reason).toBe('retries_spent')
  })

  it('days are local days: 3 days over the change of 10 March in New York keep 10:00', () => {
    const local = { ...settings, zone: 'America/New_York' }
    const at = Date.parse('2024-03-08T15:00:00Z')
    const step = nextStep(local, failure({ at, firstFailedAt: at }))
    expect(iso(step.retryAt)).toBe('2024-03-11T14:00')
  })
})

describe('the reason moves the next try', () => {
  it('without funds on the 12th it waits for noon of the 15th, the next payday before the retry after', () => {
    const at = day('03-12')
    const step = nextStep(settings, failure({ at, firstFailedAt: at, decline: soft('funds') }))
    expect([step.reason, iso(step.retryAt)]).toEqual(['payday', '2024-03-15T12:00'])
  })

  it('without funds far from a payday the schedule stands', () => {
    const step = nextStep(settings, failure({ decline: soft('funds') }))
    expect([step.reason, iso(step.retryAt)]).toEqual(['schedule', '2024-03-07T10:00'])
  })

  it('a technical failure is tried again after 6 hours, once, then by schedule', () => {
    const once = nextStep(settings, failure({ decline: soft('technical') }))
    expect([once.reason, iso(once.retryAt)]).toEqual(['technical', '2024-03-04T16:00'])
    const again = failure({ decline: soft('technical'), triesMade: 2, at: day('03-04', '16:00') })
    expect(iso(nextStep(settings, again).retryAt)).toBe('2024-03-10T10:00')
  })

  test.each(['customer_must_act', 'never_retry'] as const)('%s is not tried by time', kind => {
    const step = nextStep(settings, failure({ decline: { class: kind, cause: 'expired' } }))
    expect([step.retryAt, step.reason, iso(step.giveUpAt)]).toEqual([
      null,
      kind,
      '2024-03-11T10:00',
    ])
  })

  it('without a method there is nothing to try, and grace runs all the same', () => {
    const step = nextStep(settings, failure({ decline: null, methodType: null, triesMade: 0 }))
    expect([step.retryAt, step.reason, iso(step.giveUpAt)]).toEqual([
      null,
      'no_method',
      '2024-03-11T10:00',
    ])
  })

  it('a fault of ours cuts nobody off', () => {
    const step = nextStep(settings, failure({ decline: { class: 'ours', cause: 'ours' } }))
    expect([step.retryAt, step.giveUpAt, step.reason]).toEqual([null, null, 'ours'])
  })
})

describe('limits', () => {
  it('a bank debit is presented again twice, whatever the settings say', () => {
    const eight = { ...settings, dunningAttempts: 8, dunningIntervalDays: 1 }
    const steps = [1, 2, 3].map(triesMade =>
      nextStep(
        eight,
        failure({
          triesMade,
          presentments: triesMade,
          methodType: 'bank_account',
          decline: soft('limit'),
        }),
      ),
    )
    expect(steps.map(step => step.reason)).toEqual(['schedule', 'schedule', 'retries_spent'])
  })

  it('an account that was presented 3 times in 180 days is spent; a card is never counted', () => {
    const debit = (at: number, more = {}) => ({
      methodType: 'bank_account',
      fingerprint: 'account',
      status: 'failed',
      createdAt: at,
      ...more,
    })
    const three = [debit(first), debit(first + 1), debit(first + 2)]
    expect(presentmentsSpent(three, 'account', first + 3)).toBe(true)
    expect(presentmentsSpent(three.slice(1), 'account', first + 3)).toBe(false)
    expect(presentmentsSpent(three, 'account', first + 180 * 86_400_000)).toBe(false)
    expect(presentmentsSpent(three, 'another', first + 3)).toBe(false)
    const cards = three.map(each => ({ ...each, methodType: 'card' }))
    expect(presentmentsSpent(cards, 'account', first + 3)).toBe(false)
  })

  it('8 tries in 14 days put the ninth off until the first has left the window', () => {
    const tries = Array.from({ length: 8 }, (_, at) => ({
      at: first + at * 3_600_000,
      fingerprint: 'f',
    }))
    expect(iso(withinLimits(day('03-05'), tries))).toBe('2024-03-18T10:00')
    expect(withinLimits(day('03-05'), tries.slice(1))).toBe(day('03-05'))
    const step = nextStep(settings, failure({ recentTries: tries }))
    expect([step.reason, iso(step.retryAt)]).toEqual(['network_limit', '2024-03-18T10:00'])
  })

  it('no chain of failures makes more than 8 tries in 14 days or 15 in 30 on one card', () => {
    const daily = { ...settings, dunningDays: [1, 2, 3, 4, 5, 6, 7, 8] }
    const tries: { at: number; fingerprint: string }[] = []
    for (let invoice = 0; invoice < 6; invoice += 1) {
      const start = first + invoice * 5 * 86_400_000
      let at: number | null = withinLimits(start, tries)
      const firstFailedAt = at
      for (let triesMade = 1; at !== null; triesMade += 1) {
        tries.push({ at, fingerprint: 'f' })
        const recentTries = [...tries]
        at = nextStep(daily, failure({ at, firstFailedAt, triesMade, recentTries })).retryAt
      }
    }
    const most = (days: number) =>
      Math.max(
        ...tries.map(
          ({ at }) => tries.filter(t => t.at <= at && t.at > at - days * 86_400_000).length,
        ),
      )
    expect([most(14), most(30)]).toEqual([8, 15])
  })
})

const hour = 3_600_000

describe('network limits', () => {
  const most = (tries: readonly number[], windowMs: number): number =>
    Math.max(
      ...tries.map(from => tries.filter(each => each >= from && each < from + windowMs).length),
    )
  const causes = fc.constantFrom(
    { class: 'retry_later', cause: 'funds' } as const,
    { class: 'retry_later', cause: 'technical' } as const,
    { class: 'retry_spaced', cause: 'declined' } as const,
  )
  const chains = fc.record({
    starts: fc.array(fc.integer({ min: 0, max: 60 * 24 }), { minLength: 1, maxLength: 14 }),
    declines: fc.array(causes, { minLength: 1, maxLength: 9 }),
    days: fc.option(
      fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
    ),
    attempts: fc.integer({ min: 0, max: 8 }),
    interval: fc.integer({ min: 1, max: 30 }),
    zone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Shanghai'),
  })

  it('whatever chain of invoices fails on one card: at most 8 tries in 24 h and 14 days, 15 in 30 days', () => {
    fc.assert(
      fc.property(chains, ({ starts, declines, days, attempts, interval, zone }) => {
        const asked: DunningSettings = {
          ...settings,
          zone,
          dunningAttempts: attempts,
          dunningIntervalDays: interval,
          dunningDays: days === null ? null : [...days].sort((a, b) => a - b),
        }
        const tries: number[] = []
        const due = starts.map(hours => ({
          at: first + hours * hour,
          first: null as number | null,
          made: 0,
        }))
        while (due.length > 0) {
          due.sort((a, b) => a.at - b.at)
          const next = due.shift()!
          const recent = () => tries.map(at => ({ at, fingerprint: 'card' }))
          // What the collector does: a try that another invoice has crowded out waits.
          const allowedAt = withinLimits(next.at, recent())
          if (allowedAt > next.at) {
            due.push({ ...next, at: allowedAt })
            continue
          }
          tries.push(next.at)
          const made = next.made + 1
          const step = nextStep(asked, {
            at: next.at,
            firstFailedAt: next.first ?? next.at,
            triesMade: made,
            decline: declines[(made - 1) % declines.length]!,
            methodType: 'card',
            presentments: 0,
            recentTries: recent(),
          })
          if (step.retryAt !== null)
            due.push({ at: step.retryAt, first: next.first ?? next.at, made })
          expect(made).toBeLessThanOrEqual(9)
        }
        const day = 24 * hour
        expect(most(tries, day)).toBeLessThanOrEqual(8)
        expect(most(tries, 14 * day)).toBeLessThanOrEqual(8)
        expect(most(tries, 30 * day)).toBeLessThanOrEqual(15)
      }),
      { numRuns: 60 },
    )
  })
})
