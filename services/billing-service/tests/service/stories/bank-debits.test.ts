// Bank debits told as calendars: what they grant before they clear, and what their return takes back.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStory, type Story } from '../../../src/test/story.ts'
import { openWorld, type World } from '../../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world?.close())

const funds = 'pm_usBankAccount_insufficientFunds'
const good = 'pm_usBankAccount_success'
/** Each story later than the one before: the sandbox's clock, which settles debits, only moves forward. */
const march = (year: number) => `${year}-03-01T09:00:00Z`

const of = (events: readonly string[], kinds: RegExp) => events.filter(event => kinds.test(event))

async function inBalance({ tenantId }: Story): Promise<void> {
  const [sum] = await world.service.deps.store
    .of(tenantId)
    .sum('ledgerEntries', { sum: ['amountMinor'] })
  expect(sum?.sums.amountMinor ?? '0').toBe('0')
}

const subscribe = (story: Story, paymentMethodId: string, plan = 'starter') =>
  story.ask('POST', '/subscriptions', { plan, paymentMethodId, trialDays: 0 })

it('by default a first debit grants nothing before it clears, an hour later here', async () => {
  const story = await openStory(world, 'clearing', march(2028))
  const made = await subscribe(story, good)
  expect(made).toMatchObject({ status: 'incomplete', payment: { status: 'processing' } })
  await story.until('2028-03-02T09:00:00Z')
  expect(await story.ask('GET', `/subscriptions/${made.id}`)).toMatchObject({ status: 'active' })
  await inBalance(story)
})

it('on_submit grants at once; a return makes it past due, presented twice more, as RETRY PYMT', async () => {
  const story = await openStory(world, 'submit', march(2029), {
    bankDebitAccess: 'on_submit',
    dunningAttempts: 6,
    dunningIntervalDays: 2,
  })
  const made = await subscribe(story, funds)
  expect(made).toMatchObject({ status: 'active', payment: { status: 'processing' } })
  const events = await story.until('2029-03-29T09:00:00Z')
  expect(of(events, /payment\.(failed|proc)|subscription\./)).toMatchInlineSnapshot(`
    [
      "2029-03-01 10:00 payment.failed",
      "2029-03-01 10:00 subscription.past_due",
      "2029-03-03 10:00 payment.processing",
      "2029-03-03 11:00 payment.failed",
      "2029-03-05 10:00 payment.processing",
      "2029-03-05 11:00 payment.failed",
      "2029-03-08 10:00 subscription.unpaid",
    ]
  `)
  const descriptors = world.sandbox.state
    .list('payment_intent')
    .filter(row => row.metadata.tenant_id === 'submit')
    .map(row => row.statement_descriptor)
    .reverse()
  expect(descriptors).toEqual([null, 'RETRY PYMT', 'RETRY PYMT'])
  await inBalance(story)
})

it('an upgrade that was granted is taken back with a credit when its debit fails', async () => {
  const story = await openStory(world, 'rollback', march(2030), { bankDebitAccess: 'on_submit' })
  const { id } = await subscribe(story, 'pm_card_visa')
  await story.until('2030-03-16T09:00:00Z')
  const changed = await story.ask('PATCH', `/subscriptions/${id}`, {
    plan: 'professional',
    paymentMethodId: funds,
  })
  expect(changed).toMatchObject({ plan: 'professional', payment: { status: 'processing' } })
  const again = await story.ask('PATCH', `/subscriptions/${id}`, { plan: 'enterprise' }, 409)
  expect(again.code).toBe('change_pending')
  const events = await story.until('2030-03-17T09:00:00Z')
  expect(of(events, /./)).toMatchInlineSnapshot(`
    [
      "2030-03-16 10:00 payment.failed",
      "2030-03-16 10:00 subscription.change_taken_back",
      "2030-03-16 10:00 credit_note.issued",
      "2030-03-16 10:00 invoice.paid",
    ]
  `)
  const after = await story.ask('GET', `/subscriptions/${id}`)
  expect(after).toMatchObject({ plan: 'starter', status: 'active' })
  expect(after.currentPeriodStart).toBe('2030-03-01T09:00:00.000Z')
  const { data: notes } = await story.ask('GET', '/credit-notes')
  expect(notes).toMatchObject([{ reason: 'bank_debit_failed' }])
  const { data: invoices } = await story.ask('GET', '/invoices')
  expect(invoices[0]).toMatchObject({ status: 'paid', amountDue: 0, amountPaid: 0 })
  await inBalance(story)
})

it('an upgrade from free that was granted falls back to free', async () => {
  const story = await openStory(world, 'from-free', march(2031), { bankDebitAccess: 'on_submit' })
  const { id } = await story.ask('POST', '/subscriptions', { plan: 'free' })
  const changed = await story.ask('PATCH', `/subscriptions/${id}`, {
    plan: 'starter',
    paymentMethodId: funds,
  })
  expect(changed).toMatchObject({ plan: 'starter', status: 'active' })
  await story.until('2031-03-02T09:00:00Z')
  expect(await story.ask('GET', `/subscriptions/${id}`)).toMatchObject({
    plan: 'free',
    status: 'active',
  })
  await inBalance(story)
})

it('up to a limit of 100 a debit of 29 grants, one of 269.28 does not, and none changes before the first clears', async () => {
  const story = await openStory(world, 'limit', march(2032), {
    bankDebitAccess: 'up_to_limit',
    bankDebitLimit: 100,
  })
  const made = await subscribe(story, good)
  expect(made.status).toBe('active')
  const path = `/subscriptions/${made.id}`
  // Unpaid time gives nothing back: changed now, the month would be charged twice.
  const refused = await story.ask('PATCH', path, { plan: 'enterprise' }, 409)
  expect(refused.code).toBe('payment_in_progress')
  await story.until('2032-03-01T11:00:00Z')
  const changed = await story.ask('PATCH', path, { plan: 'enterprise' })
  expect(changed).toMatchObject({ plan: 'starter', payment: { status: 'processing' } })
  await story.until('2032-03-02T09:00:00Z')
  expect(await story.ask('GET', path)).toMatchObject({ plan: 'enterprise' })
  const { data } = await story.ask('GET', '/invoices')
  expect(data[0].total).toBe(269.28)
  await inBalance(story)
})

const creditOf = async (story: Story): Promise<number> =>
  (await story.ask('GET', '/credit-balance')).balances[0].balance

it('a change that is given up while its debit clears is withdrawn, and the money becomes credit', async () => {
  const story = await openStory(world, 'given-up', march(2033))
  const { id } = await subscribe(story, 'pm_card_visa')
  await story.until('2033-03-16T09:00:00Z')
  const changed = await story.ask('PATCH', `/subscriptions/${id}`, {
    plan: 'professional',
    paymentMethodId: good,
  })
  expect(changed).toMatchObject({ plan: 'starter', payment: { status: 'processing' } })
  const { invoiceId } = changed.pendingChange
  await story.ask('POST', `/subscriptions/${id}/cancel`, { when: 'period_end' })
  expect(await story.ask('GET', `/invoices/${invoiceId}`)).toMatchObject({ status: 'void' })
  await story.until('2033-03-17T09:00:00Z')
  const { data } = await story.ask('GET', '/transactions')
  expect(data[0]).toMatchObject({ status: 'succeeded', invoiceId })
  expect(await creditOf(story)).toEqual(data[0].amount)
  expect(await story.ask('GET', `/subscriptions/${id}`)).toMatchObject({ plan: 'starter' })
  await inBalance(story)
})

it('a first debit that clears after the end leaves 29.00 of credit and no debt', async () => {
  const story = await openStory(world, 'ended-first', march(2034))
  const made = await subscribe(story, good)
  expect(made).toMatchObject({ status: 'incomplete', payment: { status: 'processing' } })
  await story.ask('POST', `/subscriptions/${made.id}/cancel`, { when: 'now' })
  await story.until('2034-03-02T09:00:00Z')
  const { data: invoices } = await story.ask('GET', '/invoices')
  expect(invoices).toMatchObject([{ status: 'void', amountDue: 0, amountPaid: 0 }])
  expect(await creditOf(story)).toBe(29)
  await inBalance(story)
})

it('0.30 that an upgrade had taken on stand on the balance again when its debit fails', async () => {
  const story = await openStory(world, 'carried', march(2035), { bankDebitAccess: 'on_submit' })
  const { id } = await subscribe(story, 'pm_card_visa')
  const lineItems = [{ description: 'Postage', quantity: 1, unitAmount: 0.3 }]
  await story.operate('POST', '/invoices', { lineItems, collection: 'automatic' })
  expect(await creditOf(story)).toBe(-0.3)
  await story.until('2035-03-16T09:00:00Z')
  const changed = await story.ask('PATCH', `/subscriptions/${id}`, {
    plan: 'professional',
    paymentMethodId: funds,
  })
  expect(changed).toMatchObject({ plan: 'professional', payment: { status: 'processing' } })
  await story.until('2035-03-17T09:00:00Z')
  const { data: notes } = await story.ask('GET', '/credit-notes')
  const [note] = notes
  expect(note).toMatchObject({ reason: 'bank_debit_failed', toBalance: -0.3 })
  const { data: invoices } = await story.ask('GET', '/invoices')
  expect(invoices[0]).toMatchObject({ status: 'paid', amountDue: 0, amountPaid: 0 })
  expect(await creditOf(story)).toBe(-0.3)
  await inBalance(story)
})
