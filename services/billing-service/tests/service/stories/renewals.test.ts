// Renewals told as calendars, on the real service with a clock of its own per tenant.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStory } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

describe('a month end over a leap year', () => {
  it('a subscription of 31 January 2024 renews on 29 Feb, 31 Mar, 30 Apr ... and 28 Feb 2025', async () => {
    const story = await openStory(world, 'month-end', '2024-01-31T10:00:00Z')
    await story.ask('POST', '/subscriptions', {
      plan: 'starter',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    const startedAt = performance.now()
    const events = await story.until('2025-03-01T00:00:00Z')
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-01-31 10:00 paid 29.00 USD
          recurring 29.00 [2024-01-31 10:00, 2024-02-29 10:00)
      #0002 2024-02-29 11:00 paid 29.00 USD
          recurring 29.00 [2024-02-29 10:00, 2024-03-31 10:00)
      #0003 2024-03-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-03-31 10:00, 2024-04-30 10:00)
      #0004 2024-04-30 11:00 paid 29.00 USD
          recurring 29.00 [2024-04-30 10:00, 2024-05-31 10:00)
      #0005 2024-05-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-05-31 10:00, 2024-06-30 10:00)
      #0006 2024-06-30 11:00 paid 29.00 USD
          recurring 29.00 [2024-06-30 10:00, 2024-07-31 10:00)
      #0007 2024-07-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-07-31 10:00, 2024-08-31 10:00)
      #0008 2024-08-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-08-31 10:00, 2024-09-30 10:00)
      #0009 2024-09-30 11:00 paid 29.00 USD
          recurring 29.00 [2024-09-30 10:00, 2024-10-31 10:00)
      #0010 2024-10-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-10-31 10:00, 2024-11-30 10:00)
      #0011 2024-11-30 11:00 paid 29.00 USD
          recurring 29.00 [2024-11-30 10:00, 2024-12-31 10:00)
      #0012 2024-12-31 11:00 paid 29.00 USD
          recurring 29.00 [2024-12-31 10:00, 2025-01-31 10:00)
      #0013 2025-01-31 11:00 paid 29.00 USD
          recurring 29.00 [2025-01-31 10:00, 2025-02-28 10:00)
      #0014 2025-02-28 11:00 paid 29.00 USD
          recurring 29.00 [2025-02-28 10:00, 2025-03-31 10:00)"
    `)
    expect(events.filter(event => event.startsWith('2024-02-29'))).toMatchInlineSnapshot(`
      [
        "2024-02-29 10:00 invoice.drafted",
        "2024-02-29 10:00 subscription.renewed",
        "2024-02-29 11:00 invoice.issued",
        "2024-02-29 11:00 payment.succeeded",
        "2024-02-29 11:00 invoice.paid",
      ]
    `)
  })
})
