// Bank accounts through the interface: mandate, deposits, the debit's days at the bank, and its return.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settleMethod } from '../../src/actions/payment-methods/settle-method.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off' })
})
afterAll(() => world?.close())

/** A method as a browser makes it with the publishable key: nobody has verified the account. */
async function typedIn(accountNumber: string): Promise<string> {
  const form = new URLSearchParams({
    type: 'us_bank_account',
    'us_bank_account[account_number]': accountNumber,
    'us_bank_account[routing_number]': '110000000',
    'us_bank_account[account_holder_type]': 'company',
    'billing_details[name]': 'Acme GmbH',
  })
  const response = await fetch(`${world.sandbox.url}/v1/payment_methods`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.sandbox.publishableKey}` },
    body: form,
  })
  const { id } = (await response.json()) as { id: string }
  return id
}

const as = (tenantId: string) => world.admin(tenantId)

async function add(tenantId: string, paymentMethodId: string) {
  const answer = await world.call('POST', '/payment-methods', {
    as: as(tenantId),
    body: { paymentMethodId },
  })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body
}

const verify = (tenantId: string, id: string, body: unknown) =>
  world.call('POST', `/payment-methods/${id}/verify`, { as: as(tenantId), body })

test('an account that was typed in waits for its deposits, and 32 and 45 verify it', async () => {
  const added = await add('typed', await typedIn('000123456789'))
  expect(added).toMatchObject({
    type: 'bank_account',
    status: 'pending_verification',
    isDefault: false,
    verification: { kind: 'descriptor_code', amountsLeft: 3, codesLeft: 10 },
  })
  const refused = await world.call('POST', `/payment-methods/${added.id}/default`, {
    as: as('typed'),
  })
  expect(refused.status).toBe(409)
  const wrong = await verify('typed', added.id, { amounts: [1, 2] })
  expect(wrong).toMatchObject({ status: 400, body: { code: 'verification_mismatch' } })
  expect(wrong.body.detail).toContain('2 tries')
  const right = await verify('typed', added.id, { amounts: [32, 45] })
  expect(right).toMatchObject({
    status: 200,
    body: { status: 'active', isDefault: true, verification: null },
  })
  const again = await verify('typed', added.id, { amounts: [32, 45] })
  expect(again).toMatchObject({ status: 409, body: { code: 'verification_closed' } })
  const mandates = world.sandbox.state.list('mandate')
  expect(mandates.at(0)?.customer_acceptance).toMatchObject({
    type: 'online',
    online: { ip_address: '127.0.0.1' },
  })
})

test('the code SM11AA verifies in any case, SM33CC ends it', async () => {
  const good = await add('codes', await typedIn('000123456789'))
  const answer = await verify('codes', good.id, { descriptorCode: 'sm11aa' })
  expect(answer).toMatchObject({ status: 200, body: { status: 'active' } })
  const bad = await add('codes-2', await typedIn('000123456789'))
  const failed = await verify('codes-2', bad.id, { descriptorCode: 'SM33CC' })
  expect(failed).toMatchObject({ status: 409, body: { code: 'verification_closed' } })
  const kept = await world.call('GET', `/payment-methods/${bad.id}`, { as: as('codes-2') })
  expect(kept.body.status).toBe('verification_failed')
})

test('three wrong amounts end it, also when two come at once', async () => {
  const { id } = await add('thrice', await typedIn('000123456789'))
  const answers = await Promise.all([
    verify('thrice', id, { amounts: [1, 2] }),
    verify('thrice', id, { amounts: [1, 3] }),
    verify('thrice', id, { amounts: [1, 4] }),
    verify('thrice', id, { amounts: [1, 5] }),
  ])
  const codes = answers.map(answer => answer.body.code)
  expect(codes.filter(code => code === 'verification_mismatch').length).toBeLessThan(3)
  const kept = await world.call('GET', `/payment-methods/${id}`, { as: as('thrice') })
  expect(kept.body.status).toBe('verification_failed')
})

test('an answer has one form, and none is a 400', async () => {
  const { id } = await add('forms', await typedIn('000123456789'))
  for (const body of [
    {},
    { amounts: [32] },
    { amounts: [0, 45] },
    { amounts: [32, 45], descriptorCode: 'SM11AA' },
    { descriptorCode: 'XX11AA' },
  ]) {
    expect((await verify('forms', id, body)).status, JSON.stringify(body)).toBe(400)
  }
  expect((await verify('forms', 'pm_nobody', { amounts: [32, 45] })).status).toBe(404)
})

test('an account known as verified gets its mandate at once and its debit is processing', async () => {
  const method = await add('known', 'pm_usBankAccount_success')
  expect(method).toMatchObject({ status: 'active', isDefault: true, verification: null })
  const invoice = await world.call('POST', '/invoices', {
    as: world.operator(),
    headers: { 'x-tenant-id': 'known' },
    body: { lineItems: [{ description: 'Setup', quantity: 1, unitAmount: 120 }] },
  })
  const paid = await world.call('POST', `/invoices/${invoice.body.id}/pay`, { as: as('known') })
  expect(paid).toMatchObject({
    status: 200,
    body: { status: 'open', payment: { status: 'processing' } },
  })
  const again = await world.call('POST', `/invoices/${invoice.body.id}/pay`, { as: as('known') })
  expect(again).toMatchObject({ status: 409, body: { code: 'payment_in_progress' } })
})

test('the sandbox has an account by name that waits for its deposits', async () => {
  const method = await add('named', 'pm_usBankAccount_unverified')
  expect(method).toMatchObject({ status: 'pending_verification', isDefault: false })
  const answer = await verify('named', method.id, { amounts: [32, 45] })
  expect(answer).toMatchObject({ status: 200, body: { status: 'active', isDefault: true } })
})

test('one card given twice stays one method, with the newer expiry', async () => {
  const first = await add('twice', 'pm_card_visa')
  const second = await add('twice', 'pm_card_visa')
  expect(second.id).toBe(first.id)
  const other = await add('twice', 'pm_card_mastercard')
  expect(other.id).not.toBe(first.id)
  const list = await world.call('GET', '/payment-methods', { as: as('twice') })
  expect(list.body.data).toHaveLength(2)
  const attached = world.sandbox.state
    .list('payment_method')
    .filter(row => row.customer !== null && row.card?.last4 === '4242')
  const held = attached.filter(row => row.id === second.stripePaymentMethodId)
  expect(held).toHaveLength(1)
})

test('a set-up for a bank account says how it is verified', async () => {
  const answer = await world.call('POST', '/payment-methods/setup-intent', {
    as: as('forms'),
    body: { type: 'bank_account', verification: 'microdeposits' },
  })
  expect(answer.status).toBe(200)
  const setup = world.sandbox.state.get('setup_intent', answer.body.id)
  expect(setup?.payment_method_types).toEqual(['us_bank_account'])
})

/** What a webhook about the method would do: the object is read afresh and settled. */
async function told(type: 'payment_method' | 'setup_intent', id: string) {
  const { deps } = world.service
  const object = await deps.processor.readObject(type, id)
  return object?.kind === 'method' ? (await settleMethod(deps, object)).state : null
}

const atStripe = (path: string, body: Record<string, string>) =>
  fetch(`${world.sandbox.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.sandbox.secretKey}` },
    body: new URLSearchParams(body),
  })

test('a card that its issuer renewed shows its new expiry, once', async () => {
  const method = await add('renewed', 'pm_card_visa')
  const stripeId = method.stripePaymentMethodId
  await atStripe(`/v1/payment_methods/${stripeId}`, { 'card[exp_year]': '2044' })
  expect(await told('payment_method', stripeId)).toBe('applied')
  expect(await told('payment_method', stripeId)).toBe('ignored')
  const kept = await world.call('GET', `/payment-methods/${method.id}`, { as: as('renewed') })
  expect(kept.body.card.expYear).toBe(2044)
  const events = await world.call('GET', '/events?limit=1', { as: as('renewed') })
  expect(events.body.data[0]).toMatchObject({ type: 'payment_method.updated' })
})

test('a method removed at Stripe is removed here, and the other one takes over', async () => {
  const first = await add('removed', 'pm_card_visa')
  const second = await add('removed', 'pm_card_mastercard')
  await atStripe(`/v1/payment_methods/${first.stripePaymentMethodId}/detach`, {})
  expect(await told('payment_method', first.stripePaymentMethodId)).toBe('applied')
  const list = await world.call('GET', '/payment-methods', { as: as('removed') })
  expect(list.body.data).toMatchObject([{ id: second.id, isDefault: true }])
})

test('an account verified on the hosted page becomes active by its event', async () => {
  const method = await add('hosted', await typedIn('000123456789'))
  const setup = world.sandbox.state
    .list('setup_intent')
    .find(row => row.payment_method === method.stripePaymentMethodId)
  await fetch(method.verification.hostedUrl, {
    method: 'POST',
    body: new URLSearchParams({ descriptor_code: 'SM11AA' }),
  })
  expect(await told('setup_intent', setup?.id ?? '')).toBe('applied')
  const kept = await world.call('GET', `/payment-methods/${method.id}`, { as: as('hosted') })
  expect(kept.body).toMatchObject({ status: 'active', isDefault: true })
})

test('an account nobody verified in ten days has failed', async () => {
  const method = await add('late', await typedIn('000123456789'))
  const setup = world.sandbox.state
    .list('setup_intent')
    .find(row => row.payment_method === method.stripePaymentMethodId)
  world.sandbox.state.advance(10 * 86_400_000)
  expect(await told('setup_intent', setup?.id ?? '')).toBe('applied')
  const kept = await world.call('GET', `/payment-methods/${method.id}`, { as: as('late') })
  expect(kept.body.status).toBe('verification_failed')
})
