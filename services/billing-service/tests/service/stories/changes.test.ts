// Several changes inside one period, told as a calendar: each credits the plan that was live just before it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStory } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

describe('upgrade, second upgrade and downgrade in April', () => {
  it('credits 19.33 of 29.00, then 33.00 of the 66.00 that replaced it, and steps down in May', async () => {
    const story = await openStory(world, 'three-changes', '2024-04-01T00:00:00Z')
    const { id } = await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    await story.until('2024-04-11T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'professional' })
    await story.until('2024-04-21T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'enterprise' })
    await story.until('2024-04-26T00:00:00Z')
    const asked = await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'starter' })
    expect(asked).toMatchObject({
      plan: 'enterprise',
      pendingChange: { plan: 'starter', effectiveAt: '2024-05-01T00:00:00.000Z' },
    })
    await story.until('2024-06-02T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-04-01 00:00 paid 29.00 USD
          recurring 29.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0002 2024-04-11 00:00 paid 46.67 USD
          proration_credit -19.33 [2024-04-11 00:00, 2024-05-01 00:00)
          proration_charge 66.00 [2024-04-11 00:00, 2024-05-01 00:00)
      #0003 2024-04-21 00:00 paid 66.67 USD
          proration_credit -33.00 [2024-04-21 00:00, 2024-05-01 00:00)
          proration_charge 99.67 [2024-04-21 00:00, 2024-05-01 00:00)
      #0004 2024-05-01 01:00 paid 29.00 USD
          recurring 29.00 [2024-05-01 00:00, 2024-06-01 00:00)
      #0005 2024-06-01 01:00 paid 29.00 USD
          recurring 29.00 [2024-06-01 00:00, 2024-07-01 00:00)"
    `)
  })
})
