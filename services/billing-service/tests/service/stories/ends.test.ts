// Ends in the middle of a period, told as calendars: what goes back, to whom, and what is still billed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStory, type Story } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const subscribe = (story: Story, plan: string, more: object = {}) =>
  story.ask('POST', '/subscriptions', {
    plan,
    trialDays: 0,
    paymentMethodId: 'pm_card_visa',
    ...more,
  })

/** Credit notes, oldest first: total, and where it went. */
async function notesOf(story: Story): Promise<readonly string[]> {
  const { data } = await story.ask('GET', '/credit-notes')
  return [...data]
    .reverse()
    .map(
      note =>
        `${note.invoiceNumber.replace(/^.*-/, '#')} ${note.total} = debt ${note.lowersInvoice} ` +
        `+ refund ${note.refunded} + balance ${note.toBalance}`,
    )
}

const balanceOf = async (story: Story): Promise<number> =>
  (await story.ask('GET', '/credit-balance')).balances[0].balance

async function proveBooks(tenantId: string) {
  const sums = await world.service.deps.store
    .of(tenantId)
    .sum('ledgerEntries', { where: {}, groupBy: ['currency'], sum: ['amountMinor'] })
  for (const { sums: each } of sums) expect(each.amountMinor ?? '0').toBe('0')
}

describe('an end now', () => {
  it('with credit gives the unused half of 99.00 to the balance, and bills the usage', async () => {
    const story = await openStory(world, 'end-credit', '2024-04-01T00:00:00Z')
    const { id } = await subscribe(story, 'professional')
    const use = { metric: 'messages', quantity: 102_000 }
    await story.ask('POST', `/subscriptions/${id}/usage`, use)
    await story.until('2024-04-16T00:00:00Z')
    const ended = await story.ask('POST', `/subscriptions/${id}/cancel`, {
      when: 'now',
      refund: 'credit',
    })
    expect(ended.status).toBe('canceled')
    expect(await notesOf(story)).toEqual(['#0001 49.5 = debt 0 + refund 0 + balance 49.5'])
    await story.until('2024-05-01T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-04-01 00:00 paid 99.00 USD
          recurring 99.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0002 2024-04-17 00:00 paid 3.00 USD
          usage 3.00 [2024-04-01 00:00, 2024-04-16 00:00)"
    `)
    expect(await balanceOf(story)).toBe(46.5)
    await proveBooks('end-credit')
  })

  it('with refund after an upgrade gives back all that was paid less what was used, tax included', async () => {
    const story = await openStory(world, 'end-refund', '2024-04-01T00:00:00Z', { taxRate: 20 })
    const { id } = await subscribe(story, 'starter')
    await story.until('2024-04-16T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'professional' })
    const body = { when: 'now', refund: 'refund', reason: 'moved away' }
    await story.ask('POST', `/subscriptions/${id}/cancel`, body, 403)
    await story.operate('POST', `/subscriptions/${id}/cancel`, body)
    expect(await notesOf(story)).toEqual([
      '#0002 42 = debt 0 + refund 42 + balance 0',
      '#0001 17.4 = debt 0 + refund 17.4 + balance 0',
    ])
    const { data } = await story.ask('GET', '/transactions?type=refund')
    expect(data.map((each: { status: string }) => each.status)).toEqual(['succeeded', 'succeeded'])
    await story.until('2024-06-01T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-04-01 00:00 paid 34.80 USD
          recurring 29.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0002 2024-04-16 00:00 paid 42.00 USD
          proration_credit -14.50 [2024-04-16 00:00, 2024-05-01 00:00)
          proration_charge 49.50 [2024-04-16 00:00, 2024-05-01 00:00)"
    `)
    await proveBooks('end-refund')
  })

  it('after a downgrade that gave credit takes no unit more than was paid', async () => {
    const story = await openStory(world, 'end-after-credit', '2024-04-01T00:00:00Z')
    const { id } = await subscribe(story, 'professional')
    await story.until('2024-04-11T00:00:00Z')
    await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'starter', when: 'now' })
    await story.until('2024-04-21T00:00:00Z')
    await story.operate('POST', `/subscriptions/${id}/cancel`, { when: 'now', refund: 'refund' })
    // 99.00 paid; 10 days of 99.00 and 10 of 29.00 used: 42.67 and a credit of 46.66 given, 9.67 go back.
    expect(await notesOf(story)).toEqual(['#0001 9.67 = debt 0 + refund 9.67 + balance 0'])
    expect(await balanceOf(story)).toBe(46.67)
    await proveBooks('end-after-credit')
  })

  it('in the hour of the draft charges the used time alone', async () => {
    const story = await openStory(world, 'end-draft', '2024-04-01T00:00:00Z', { draftHours: 240 })
    const { id } = await subscribe(story, 'starter')
    await story.until('2024-05-04T00:00:00Z')
    await story.ask('POST', `/subscriptions/${id}/cancel`, { when: 'now' })
    await story.until('2024-06-01T00:00:00Z')
    expect(await story.statement()).toMatchInlineSnapshot(`
      "#0001 2024-04-01 00:00 paid 29.00 USD
          recurring 29.00 [2024-04-01 00:00, 2024-05-01 00:00)
      #0002 2024-05-11 00:00 paid 2.81 USD
          proration_charge 2.81 [2024-05-01 00:00, 2024-05-04 00:00)"
    `)
    const { data } = await story.ask('GET', '/invoices')
    expect(data[0].lineItems[0].description).toBe('Used time: Starter')
  })

  it('with credit lowers the debt of an unpaid period to the used time', async () => {
    const story = await openStory(world, 'end-debt', '2024-04-01T00:00:00Z')
    const { id } = await subscribe(story, 'starter')
    const { id: declining } = await story.ask('POST', '/payment-methods', {
      paymentMethodId: 'pm_card_chargeCustomerFail',
    })
    await story.ask('PATCH', `/subscriptions/${id}`, { paymentMethodId: declining })
    await story.until('2024-05-02T00:00:00Z')
    expect((await story.ask('GET', `/subscriptions/${id}`)).status).toBe('past_due')
    await story.ask('POST', `/subscriptions/${id}/cancel`, { when: 'now', refund: 'credit' })
    expect(await notesOf(story)).toEqual(['#0002 28.06 = debt 28.06 + refund 0 + balance 0'])
    const { data } = await story.ask('GET', '/invoices')
    expect(data[0]).toMatchObject({ status: 'open', total: 29, amountDue: 0.94 })
    await proveBooks('end-debt')
  })

  it('withdraws the invoice of a change that waits for the payer’s bank', async () => {
    const story = await openStory(world, 'end-waiting', '2024-04-01T00:00:00Z')
    const { id } = await subscribe(story, 'starter')
    const { id: asking } = await story.ask('POST', '/payment-methods', {
      paymentMethodId: 'pm_card_authenticationRequired',
    })
    const changed = await story.ask('PATCH', `/subscriptions/${id}`, {
      plan: 'professional',
      paymentMethodId: asking,
    })
    expect(changed.payment.status).toBe('requires_action')
    await story.ask('POST', `/subscriptions/${id}/cancel`, { when: 'now' })
    const invoice = await story.ask('GET', `/invoices/${changed.pendingChange.invoiceId}`)
    expect(invoice.status).toBe('void')
    const { data } = await story.ask('GET', '/transactions')
    expect(data[0].status).toBe('canceled')
    await proveBooks('end-waiting')
  })

  it('the invoice of a waiting change cannot be written off: paid later, it would buy nothing', async () => {
    const story = await openStory(world, 'end-write-off', '2024-04-01T00:00:00Z')
    const { id } = await subscribe(story, 'starter')
    const { id: asking } = await story.ask('POST', '/payment-methods', {
      paymentMethodId: 'pm_card_authenticationRequired',
    })
    const { pendingChange } = await story.ask('PATCH', `/subscriptions/${id}`, {
      plan: 'professional',
      paymentMethodId: asking,
    })
    const path = `/invoices/${pendingChange.invoiceId}/uncollectible`
    const refused = await story.operate('POST', path, {}, 409)
    expect(refused.code).toBe('change_pending')
    const after = await story.ask('GET', `/subscriptions/${id}`)
    expect(after.pendingChange).toMatchObject({ plan: 'professional' })
  })

  it('with money back at the end of the period is 400', async () => {
    const story = await openStory(world, 'end-later', '2024-04-01T00:00:00Z')
    const { id } = await subscribe(story, 'starter')
    const body = { when: 'period_end', refund: 'credit' }
    const refused = await story.ask('POST', `/subscriptions/${id}/cancel`, body, 400)
    expect(refused.errors[0].path).toBe('/refund')
  })
})
