// A card that fails is followed by the customer's other methods, where the tenant allows it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStory, type Story } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world?.close())

const failing = 'pm_card_chargeCustomerFail'
const add = (story: Story, paymentMethodId: string) =>
  story.ask('POST', '/payment-methods', { paymentMethodId })

async function trialing(tenantId: string, others: readonly string[]): Promise<Story> {
  const story = await openStory(world, tenantId, '2024-03-01T09:00:00Z')
  await story.ask('POST', '/subscriptions', { plan: 'starter', paymentMethodId: failing })
  for (const method of others) await add(story, method)
  return story
}

const payments = (events: readonly string[]) =>
  events.filter(event => /payment\.(failed|succeeded)|subscription\.(past|unpaid)/.test(event))

it('allowed by the tenant itself, the second card pays at once, and nothing is past due for long', async () => {
  const story = await trialing('backed', ['pm_card_visa'])
  await story.ask('PATCH', '/settings', { backupMethods: true })
  const events = await story.until('2024-03-16T00:00:00Z')
  expect(payments(events)).toEqual([
    '2024-03-15 09:00 payment.failed',
    '2024-03-15 09:00 subscription.past_due',
    '2024-03-15 09:00 payment.succeeded',
  ])
  const { data } = await story.ask('GET', '/subscriptions')
  expect(data[0].status).toBe('active')
  const tries = await story.ask('GET', '/transactions?type=payment')
  expect(tries.data.map((row: { reason: string | null }) => row.reason)).toEqual([
    'backup_method',
    null,
  ])
})

it('not allowed, the second card is left alone', async () => {
  const story = await trialing('alone', ['pm_card_visa'])
  const events = await story.until('2024-03-16T00:00:00Z')
  expect(payments(events)).toEqual([
    '2024-03-15 09:00 payment.failed',
    '2024-03-15 09:00 subscription.past_due',
  ])
})

it('a backup that wants its holder moves no retry of the first card', async () => {
  const story = await trialing('stubborn', ['pm_card_authenticationRequired'])
  await story.ask('PATCH', '/settings', { backupMethods: true })
  const events = await story.until('2024-04-01T00:00:00Z')
  expect(payments(events).map(event => event.slice(5))).toEqual([
    '03-15 09:00 payment.failed',
    '03-15 09:00 subscription.past_due',
    '03-15 09:00 payment.failed',
    '03-18 09:00 payment.failed',
    '03-21 09:00 payment.failed',
    '03-24 09:00 payment.failed',
    '03-24 09:00 subscription.unpaid',
  ])
})
