import { openWorld, type World } from '@quittance/billing-service/test/world'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Invocation, UsageProblem } from './command.ts'
import { invoiceLine, runInvoices } from './invoices.ts'

let world: World
let ahead = 0
let said: string[]
beforeAll(async () => {
  world = await openWorld({
    jobs: 'off',
    clock: { real: () => Date.now() + ahead, steady: () => performance.now() },
    environment: { BILLING_DRAFT_HOURS: '0', BILLING_USAGE_DRAFT_HOURS: '0' },
  })
  const body = { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' }
  for (const tenantId of ['first', 'second']) {
    await world.call('POST', '/subscriptions', { as: world.admin(tenantId), body })
  }
}, 60_000)
afterAll(() => world?.close())
beforeEach(() => {
  said = []
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    said.push(...String(text).trimEnd().split('\n'))
    return true
  })
})
afterEach(() => vi.restoreAllMocks())

const run = (words: string[], options: Readonly<Record<string, string | true>> = {}) =>
  runInvoices({
    words,
    text: name => (typeof options[name] === 'string' ? options[name] : undefined),
    on: name => options[name] === true,
    env: { QUITTANCE_TOKEN: world.operator() },
  } satisfies Invocation)
const ask = (words: string[], options: Readonly<Record<string, string | true>> = {}) =>
  run(words, { url: world.url, ...options })
const answered = () => JSON.parse(said.join('\n'))

describe('quittance invoices', () => {
  it('lists those of all tenants, newest first, or of one; by status and up to a limit', async () => {
    expect(await ask([], { json: true })).toBe(0)
    const { invoices } = answered()
    expect(invoices.map((each: { tenantId: string }) => each.tenantId)).toEqual(['second', 'first'])
    said = []
    await ask(['list'], { json: true, tenant: 'first' })
    expect(answered().invoices.map((each: { total: number }) => each.total)).toEqual([29])
    said = []
    await ask([], { json: true, status: 'open' })
    expect(answered()).toEqual({ invoices: [] })
    said = []
    await ask([], { limit: '1' })
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/-0001 .* second {2}paid {2}29 USD/)
  })

  it('shows one with its lines, for its tenant alone', async () => {
    await ask([], { json: true, tenant: 'first' })
    const [{ id }] = answered().invoices
    said = []
    expect(await ask(['show', id], { tenant: 'first' })).toBe(0)
    expect(said.join('\n')).toMatch(/1 × .*: 29 USD\n {4}total {7}29 USD\n {4}paid {8}29 USD/)
    await expect(ask(['show', id], { tenant: 'second' })).rejects.toThrow(/not found|invoice/i)
    await expect(ask(['show', id])).rejects.toThrow(UsageProblem)
  })

  it('generates the 2 invoices of the next month once it has begun, and no more the second time', async () => {
    ahead = 31 * 86_400_000
    expect(await ask(['generate'], { json: true })).toBe(0)
    expect(answered().jobs).toMatchObject({
      'renew-due': { taken: 2, renewed: 2 },
      // Nobody looked for a month: their windows are over when they are made.
      'finalize-drafts': { taken: 0 },
    })
    said = []
    await ask([], { status: 'open' })
    expect(said.map(line => /29 USD, 29 USD due/.test(line))).toEqual([true, true])
    said = []
    await ask(['generate'])
    expect(said).toEqual(['renew-due: 0 taken', 'finalize-drafts: 0 taken'])
  })

  it('names what of the command line makes no sense', async () => {
    await expect(ask(['shown'])).rejects.toThrow(UsageProblem)
    await expect(ask(['show'])).rejects.toThrow(UsageProblem)
    await expect(ask([], { limit: '0' })).rejects.toThrow('from 1 to 1000, not "0"')
    await expect(ask([], { status: 'late' })).rejects.toThrow('not "late"')
  })
})

it('a draft has no number; what is open says what is due', () => {
  const draft = {
    id: 'inv_1',
    tenantId: 'acme',
    invoiceNumber: null,
    status: 'draft',
    currency: 'USD',
    total: 12.5,
    amountDue: 12.5,
    issuedAt: null,
    createdAt: '2026-11-28T10:00:00.000Z',
  } as const
  expect(invoiceLine(draft)).toBe('draft  2026-11-28  acme  draft  12.5 USD  inv_1')
  const open = { ...draft, status: 'open', invoiceNumber: 'A-0001' }
  expect(invoiceLine(open)).toContain('A-0001  2026-11-28  acme  open  12.5 USD, 12.5 USD due')
})
