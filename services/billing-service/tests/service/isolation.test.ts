// Every operation that takes an id, tried with the ids of another tenant: by its admin and by an operator who acts for
// it. Each answer is 404 and tells nothing, and afterwards the owner has what it had.
import { issuerPermissions } from '@quittance/billing-contract/permissions'
import type { Route } from '@quittance/billing-contract/route'
import { type RouteName, routes } from '@quittance/billing-contract/routes'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePool } from '../../src/test/fuzz/pool.ts'
import { fieldOf } from '../../src/test/fuzz/schema-arbitrary.ts'
import { type Answer, type Call, openWorld, type World } from '../../src/test/world.ts'

const owner = 'isolde-owner'
const thief = 'thief'
/** What the owner's records say and nobody else may read. */
const marks = [owner, 'Isolde Holding', 'isolde@example.com', 'Isoldestr']

const pool = makePool()
const ids: Record<string, string> = {}
let world: World

async function own(method: string, path: string, body?: unknown) {
  const call = { as: world.operator(), headers: { 'x-tenant-id': owner } }
  const answer = await world.call(method, path, body === undefined ? call : { ...call, body })
  expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300)
  const noun = path.split(/[/?]/)[1]!
  pool.learn(noun, answer.body)
  const id = answer.body?.id ?? answer.body?.data?.[0]?.id
  if (id !== undefined) ids[noun] ??= id
  return answer.body
}

beforeAll(async () => {
  world = await openWorld({ jobs: 'off', environment: { APPROVAL_ABOVE: 'USD:1000' } })
  const coupon = { code: 'ISO', percentOff: 10, duration: 'forever' }
  await world.call('POST', '/coupons', { as: world.operator(), body: coupon })
  await own('POST', '/payment-methods', { paymentMethodId: 'pm_card_visa' })
  const paid = { plan: 'professional', trialDays: 0, coupon: 'ISO' }
  const subscription = await own('POST', '/subscriptions', paid)
  ids.discounts = subscription.discounts[0].id
  const [customer] = (await own('GET', '/customers')).data
  await own('PATCH', `/customers/${customer.id}`, {
    name: 'Isolde Holding',
    email: 'isolde@example.com',
    address: { line1: 'Isoldestr. 1', city: 'Bonn', country: 'DE' },
  })
  const lines = { lineItems: [{ description: 'Work', quantity: 1, unitAmount: 50 }] }
  const invoice = await own('POST', '/invoices', lines)
  await own('POST', `/invoices/${invoice.id}/credit-notes`, { amount: 5, reason: 'other' })
  for (const noun of ['invoices', 'transactions', 'credit-notes']) await own('GET', `/${noun}`)
  const [charge] = (await own('GET', '/transactions?type=payment')).data
  ids.transactions = charge.id
  const credit = { amount: 5_000, currency: 'USD', reason: 'other' }
  ids.approvals = (await own('POST', '/credit-balance', credit)).id
  const change = { subscriptionId: subscription.id, plan: 'enterprise' }
  ids.quotes = (await own('POST', '/subscriptions/preview', change)).quoteId
})
afterAll(() => world.close())

/** What only the issuer does is refused to the admin before anything is looked for. */
const callersOf = (route: Route): readonly Call[] => [
  ...((issuerPermissions as readonly unknown[]).includes(route.permission)
    ? []
    : [{ as: world.admin(thief) }]),
  { as: world.operator(), headers: { 'x-tenant-id': thief } },
]

const tellsNothing = (answer: Answer) => {
  const text = JSON.stringify(answer.body)
  expect(marks.filter(mark => text.includes(mark))).toEqual([])
}

const everyRoute = (Object.entries(routes) as [RouteName, Route][]).filter(
  ([, route]) => route.tenant && /:(?:id|discountId)\b/.test(route.path),
)

/** Disputes come from the processor; an id that is another tenant's is there all the same. */
const idFor = (noun: string): string | undefined =>
  noun === 'disputes' ? ids.transactions : ids[noun]

const bodiesOf = (route: Route): unknown[] => {
  if (route.body === undefined) return [undefined]
  const drawn = fc.sample(fieldOf(route.body, ''), { seed: 7, numRuns: 40 })
  return [{}, ...drawn.map(body => pool.fill(body, route.path.split('/')[1]!))]
}

describe("with another tenant's ids", () => {
  it('more than 35 operations are tried', () => {
    expect(everyRoute.length).toBeGreaterThan(35)
  })

  it.each(everyRoute)('%s is 404 and tells nothing', async (_name, route) => {
    const noun = route.path.split('/')[1]!
    const id = idFor(noun)
    expect(id, `the owner has one of the ${noun}`).toBeDefined()
    const path = route.path.replace(':id', id!).replace(':discountId', ids.discounts!)
    for (const caller of callersOf(route)) {
      let notFound = 0
      for (const body of bodiesOf(route)) {
        const call: Call = body === undefined ? caller : { ...caller, body }
        const answer = await world.call(route.method, path, call)
        tellsNothing(answer)
        expect([400, 403, 404], JSON.stringify(answer.body)).toContain(answer.status)
        notFound += answer.status === 404 ? 1 : 0
        if (notFound === 3) break
      }
      expect(notFound, 'a body that is in order was among those tried').toBeGreaterThan(0)
    }
  })

  const lineItems = [{ description: 'x', quantity: 1, unitAmount: 1 }]
  const named: Partial<Record<RouteName, Record<string, (id: string) => unknown>>> = {
    createSubscription: {
      paymentMethodId: paymentMethodId => ({ plan: 'starter', trialDays: 0, paymentMethodId }),
      customerId: customerId => ({ plan: 'free', customerId }),
      quoteId: quoteId => ({ plan: 'enterprise', quoteId }),
    },
    previewSubscription: {
      customerId: customerId => ({ plan: 'starter', customerId }),
      subscriptionId: subscriptionId => ({ plan: 'enterprise', subscriptionId }),
    },
    createInvoice: { customerId: customerId => ({ customerId, lineItems }) },
    adjustCreditBalance: { customerId: customerId => ({ customerId, amount: 1, reason: 'x' }) },
    addPaymentMethod: {
      customerId: customerId => ({ customerId, paymentMethodId: 'pm_card_visa' }),
      paymentMethodId: paymentMethodId => ({ paymentMethodId }),
    },
    createSetupIntent: { customerId: customerId => ({ customerId }) },
  }
  /** A preview prices a plan; who would pay is looked for when the quote is confirmed. */
  const unread = 'previewSubscription paymentMethodId'
  const nounOf: Readonly<Record<string, string>> = {
    customerId: 'customers',
    paymentMethodId: 'payment-methods',
    subscriptionId: 'subscriptions',
    quoteId: 'quotes',
  }

  it('in the body every operation answers 404, and none that takes one is left out', async () => {
    for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
      const fields = Object.keys(
        (route.body as { properties?: object } | undefined)?.properties ?? {},
      ).filter(field => nounOf[field] !== undefined && `${name} ${field}` !== unread)
      if (!route.tenant || route.path.includes(':')) continue
      expect([name, Object.keys(named[name] ?? {}).sort()]).toEqual([name, fields.sort()])
      for (const field of fields) {
        for (const caller of callersOf(route)) {
          const body = named[name]![field]!(ids[nounOf[field]!]!)
          const answer = await world.call(route.method, route.path, { ...caller, body })
          tellsNothing(answer)
          expect([name, field, answer.status]).toEqual([name, field, 404])
        }
      }
    }
  })

  it('in filters, lists and exports are empty', async () => {
    const caller = { as: world.admin(thief) }
    const filter = `?customerId=${ids.customers}`
    const answered: string[] = []
    for (const route of Object.values(routes) as Route[]) {
      const exports = /\/export\/:format$/.test(route.path)
      if (route.method !== 'GET' || !route.tenant || (route.path.includes(':') && !exports))
        continue
      for (const query of ['', filter, `?objectId=${ids.invoices}`, `?invoiceId=${ids.invoices}`]) {
        const path = `${route.path.replace(':format', 'csv')}${query}`
        const answer = await world.call('GET', path, caller)
        tellsNothing(answer)
        if (answer.status === 200) answered.push(path)
        for (const row of answer.body?.data ?? []) expect(row.tenantId ?? thief).toBe(thief)
      }
    }
    expect(answered.length).toBeGreaterThan(20)
  })

  it('nothing of the owner has changed', async () => {
    const subscription = await own('GET', `/subscriptions/${ids.subscriptions}`)
    expect(subscription).toMatchObject({ plan: 'professional', status: 'active' })
    expect(subscription.discounts).toHaveLength(1)
    const [method] = (await own('GET', '/payment-methods')).data
    expect(method).toMatchObject({ status: 'active', isDefault: true })
    const invoices = (await own('GET', '/invoices')).data
    expect(invoices.map((each: { status: string }) => each.status).sort()).toEqual(['open', 'paid'])
    const log = (await own('GET', '/audit-log?limit=100')).data
    const foreign = log.filter((line: { tenantId: string }) => line.tenantId !== owner)
    expect(foreign).toEqual([])
  })
})
