// Stripe is away for an hour, refusing connections and then answering 503, while tenants subscribe, pay, refund
// and use, periods end, a debit settles and a refund is made at Stripe that no webhook tells. Every answer is
// one of the interface; afterwards all is well without anybody's help. Counts are printed.

import { verifyBooks } from '@quittance/billing-service/actions/verify/verify-books'
import { type Answer, openWorld, type World } from '@quittance/billing-service/test/world'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import {
  compareInvoices,
  compareLedger,
  comparePayments,
  compareRefunds,
  readOurs,
  readTheirs,
} from '../../services/billing-service/tests/faults/compare.ts'
import { type StripeFront, startStripeFront } from './stripe-front.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const minuteMs = 60_000
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

const machine = Date.now
let ahead = 0
let front: StripeFront
let world: World

beforeAll(async () => {
  // One time for all parts of the world, Stripe's among them.
  vi.spyOn(Date, 'now').mockImplementation(() => machine() + ahead)
  world = await openWorld({
    jobs: 'on',
    webhooks: true,
    // Here time really passes: nobody set a clock.
    clock: { real: () => Date.now(), steady: () => Date.now() },
    // Renewals are charged in the hour in which they fall due.
    environment: { BILLING_DRAFT_HOURS: '0', BILLING_USAGE_DRAFT_HOURS: '0' },
    async reach(sandbox) {
      front = await startStripeFront(sandbox.url)
      return front.url
    },
  })
})
afterAll(async () => {
  await world?.close()
  await front?.close()
  vi.restoreAllMocks()
})

/** Time passes, in steps in which the jobs come round. */
async function pass(totalMs: number, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    ahead += Math.round(totalMs / steps)
    await pause(400)
  }
}

const answers: Record<string, number> = {}
const asked: Record<string, number> = {}

/** Asks once, as an admin or the issuer's staff, and counts what was answered. */
async function ask(act: string, tenantId: string, path: string, body?: object, key?: string) {
  const staff = act === 'refund' || act === 'invoice'
  const answer = await world.call(body === undefined ? 'GET' : 'POST', path, {
    as: staff ? world.operator() : world.admin(tenantId),
    headers: {
      ...(staff ? { 'x-tenant-id': tenantId } : {}),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body }),
  })
  const name = `${act} ${answer.status}`
  answers[name] = (answers[name] ?? 0) + 1
  return answer
}

/** Asks until `holds`, as a platform does whose user waits. */
async function until(
  act: string,
  once: () => Promise<Answer>,
  holds: (answer: Answer) => boolean,
): Promise<Answer> {
  asked[act] = (asked[act] ?? 0) + 1
  const end = performance.now() + 120_000
  for (;;) {
    const answer = await once()
    if (holds(answer)) return answer
    expect([200, 409, 503], JSON.stringify(answer.body)).toContain(answer.status)
    if (performance.now() > end) throw new Error(`${act}: never, ${JSON.stringify(answer.body)}`)
    await pause(250)
  }
}

const subscribe = (tenantId: string) =>
  until(
    'subscribe',
    () =>
      ask(
        'subscribe',
        tenantId,
        '/subscriptions',
        { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' },
        `sub-${tenantId}`,
      ),
    ({ status }) => status === 201,
  )

async function invoiceOf(tenantId: string): Promise<string> {
  const lineItems = [{ description: 'Work', quantity: 1, unitAmount: 12.34 }]
  const { status, body } = await ask('invoice', tenantId, '/invoices', { lineItems })
  expect(status).toBe(201)
  return body.id
}

const pay = (tenantId: string, id: string, body: object = {}) =>
  until(
    'pay',
    () => ask('pay', tenantId, `/invoices/${id}/pay`, body),
    answer => answer.body.status === 'paid' || answer.body.code === 'invoice_already_paid',
  )

const refund = (tenantId: string, paymentId: string) =>
  until(
    'refund',
    () => ask('refund', tenantId, `/transactions/${paymentId}/refund`, { amount: 5 }, 'refund'),
    ({ status }) => status === 201,
  )

const paymentsOf = async (tenantId: string) =>
  (await world.call('GET', '/transactions?type=payment', { as: world.admin(tenantId) })).body.data

/** A bank account that may be debited, and a debit of it that is under way. */
async function debit(tenantId: string): Promise<string> {
  const body = { paymentMethodId: 'pm_usBankAccount_success' }
  const method = await world.call('POST', '/payment-methods', { as: world.admin(tenantId), body })
  const { customer } = await world.stripe.paymentMethods.retrieve(method.body.stripePaymentMethodId)
  const online = { ip_address: '127.0.0.1', user_agent: 'away' }
  await world.stripe.setupIntents.create({
    customer: String(customer),
    payment_method: method.body.stripePaymentMethodId,
    allowed_payment_method_types: ['us_bank_account'],
    confirm: true,
    mandate_data: { customer_acceptance: { type: 'online', online } },
  })
  const id = await invoiceOf(tenantId)
  const paid = await ask('debit', tenantId, `/invoices/${id}/pay`, {
    paymentMethodId: method.body.id,
  })
  expect(paid.body.payment.status).toBe('processing')
  return id
}

/** A refund of 7.00 that somebody makes at Stripe. */
async function refundElsewhere(tenantId: string, id: string): Promise<void> {
  const { processorId } = await world.service.deps.store.of(tenantId).get('transactions', id)
  await world.stripe.refunds.create({ payment_intent: processorId!, amount: 700 })
}

const names = (kind: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${kind}-${at + 1}`)

/** Renewals, whose periods end in the hour; half of those tenants pay in other ways, too. */
const renewing = names('renews', 12)
const fresh = names('fresh', 12)

/** Usage and reading need no Stripe: they go on as ever. */
async function useUntil(over: () => boolean): Promise<number> {
  let used = 0
  while (!over()) {
    const tenantId = renewing[used % renewing.length]!
    const { body } = await ask('read', tenantId, '/subscriptions')
    const path = `/subscriptions/${body.data[0].id}/usage`
    const one = { metric: 'messages', quantity: 1, idempotencyKey: `use-${used}` }
    const { status } = await ask('use', tenantId, path, one)
    expect(status).toBe(202)
    used += 1
    await pause(50)
  }
  return used
}

it('an hour without Stripe under load: only answers of the interface, nothing lost, nothing twice', async () => {
  await Promise.all(renewing.map(subscribe))
  await pass(30 * minuteMs, 1)
  const firstPayments = await Promise.all(renewing.map(async id => (await paymentsOf(id))[0]))
  const created = Date.parse(firstPayments[0].createdAt)
  const end = new Date(created)
  end.setUTCMonth(end.getUTCMonth() + 1)
  // Ten minutes before the first period ends.
  ahead += end.getTime() - Date.now() - 10 * minuteMs
  await pause(2_500)
  const open = await Promise.all(renewing.map(invoiceOf))
  const debited = await debit('debited')
  const before = { ...answers }
  const passedBefore = front.counts.passed

  world.sandbox.state.faults.add({
    kind: 'webhook_loss',
    remaining: null,
    probability: 1,
    method: null,
    match: null,
    delayMs: 0,
    status: 429,
    performs: false,
  })
  let over = false
  const load = Promise.all([
    ...fresh.map(async (tenantId, at) => {
      await pause(at * 150)
      await subscribe(tenantId)
    }),
    ...open.map(async (id, at) => {
      await pause(at * 100)
      await pay(renewing[at]!, id)
    }),
    ...firstPayments.slice(0, 6).map(({ id }, at) => refund(renewing[at]!, id)),
  ])
  const using = useUntil(() => over)
  await pause(100)
  // Calls are under way: their answers are lost.
  await front.refuse()
  await pass(30 * minuteMs, 8)
  await front.unavailable()
  await refundElsewhere(renewing[11]!, firstPayments[11].id)
  await pass(30 * minuteMs, 8)
  const meanwhile = { ...answers }
  await front.open()
  world.sandbox.state.faults.clear()
  over = true
  const used = await using
  let done = false
  void load.finally(() => {
    done = true
  })
  // Attempts without an answer are asked about at growing distances: minutes have to pass.
  while (!done) await pass(2 * minuteMs, 1)
  await load
  say(`away for an hour: asked ${JSON.stringify(asked)}`)
  for (const name of Object.keys(before)) {
    meanwhile[name] = (meanwhile[name] ?? 0) - (before[name] ?? 0)
  }
  say(`answered meanwhile ${JSON.stringify(meanwhile)}; ${front.counts.turnedAway} calls got 503`)
  say(`${passedBefore} calls before, ${front.counts.passed - passedBefore} after; ${used} usages`)
  expect(Object.keys(answers).filter(name => !/ (200|201|202|409|503)$/.test(name))).toEqual([])

  await settled(debited)
  await payAgain()
  await settled(debited)
  await agreed()
})

/** Time goes on until nothing is under way any more. */
async function settled(debited: string): Promise<void> {
  const { store } = world.service.deps
  const open = async () => {
    const from = { from: 0 }
    const [attempts, events, drafts, tries] = await Promise.all([
      store.system.count('transactions', { range: { field: 'checkAt', ...from } }),
      store.system.count('inbox', { range: { field: 'dueAt', ...from } }),
      store.system.count('invoices', {
        where: { clock: 'live' },
        range: { field: 'finalizeAt', ...from },
      }),
      store.system.count('invoices', {
        where: { clock: 'live' },
        range: { field: 'nextAttemptAt', ...from },
      }),
    ])
    return { attempts, events, drafts, tries }
  }
  let rounds = 0
  for (; rounds < 60; rounds += 1) {
    const left = await open()
    const renewed = await Promise.all(renewing.map(paymentsOf))
    const paid = (each: { status: string }) => each.status === 'succeeded'
    const all = renewed.every(each => each.filter(paid).length === 3)
    const { body } = await world.call('GET', `/invoices/${debited}`, { as: world.admin('debited') })
    const returned = (await paymentsOf(renewing[11]!)).some(
      (each: { amountRefunded: number }) => each.amountRefunded === 7,
    )
    if (
      Object.values(left).every(count => count === 0) &&
      all &&
      body.status === 'paid' &&
      returned
    ) {
      say(`settled ${rounds * 5} minutes later`)
      return
    }
    await pass(5 * minuteMs, 1)
  }
  throw new Error(`never settled: ${JSON.stringify(await open())}`)
}

/** A first charge that never reached Stripe was called off; whoever subscribed pays once more. */
async function payAgain(): Promise<void> {
  for (const tenantId of fresh) {
    const payments: { status: string; invoiceId: string }[] = await paymentsOf(tenantId)
    if (payments.some(({ status }) => status === 'succeeded')) continue
    expect(payments.map(({ status }) => status)).toEqual(['canceled'])
    await pay(tenantId, payments[0]!.invoiceId)
    say(`${tenantId}: the first charge never reached Stripe; paid by asking again`)
  }
}

/** Ours, theirs and the books say the same; each tenant paid what it owed and nothing twice. */
async function agreed(): Promise<void> {
  const { deps } = world.service
  const [ours, theirs] = [await readOurs(deps.store), await readTheirs(world.stripe)]
  expect(comparePayments(ours, theirs)).toEqual([])
  expect(compareRefunds(ours, theirs)).toEqual([])
  expect(await compareInvoices(deps.store, ours, new Set())).toEqual([])
  expect(await compareLedger(deps.store, theirs)).toEqual([])
  const proofs = await verifyBooks(deps, { days: 60, kept: [] })
  expect(proofs.flatMap(({ broken }) => broken)).toEqual([])
  for (const tenantId of renewing) {
    // The first period, the one that began in the hour, and the invoice by hand.
    const amounts = (await paymentsOf(tenantId))
      .filter((each: { status: string }) => each.status === 'succeeded')
      .map((each: { amount: number }) => each.amount)
    expect(amounts.sort()).toEqual([12.34, 29, 29])
  }
  for (const tenantId of fresh) {
    const payments = await paymentsOf(tenantId)
    expect(payments.filter((each: { status: string }) => each.status === 'succeeded')).toHaveLength(
      1,
    )
  }
  const sum = (rows: readonly { amount: number }[]) =>
    rows.reduce((total, { amount }) => total + amount, 0)
  const charged = theirs.charges.filter(({ status }) => status === 'succeeded')
  const settledHere = ours.filter(
    ({ type, status }) => type === 'payment' && status === 'succeeded',
  )
  const here = settledHere.reduce((total, { amountMinor }) => total + amountMinor, 0)
  say(
    `charged ${charged.length} times, ${sum(charged)} minor units; settled here ${settledHere.length}, ${here}; ` +
      `${theirs.refunds.length} refunds; ${proofs.length} proofs hold`,
  )
  expect(sum(charged)).toBe(here)
}
