// One series of numbers for all tenants of a deployment, and series that begin anew each year.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { proveNumbers } from '../../src/actions/verify/prove-documents.ts'
import { openStory } from '../../src/test/story.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  const environment = { NUMBER_SERIES: 'issuer', NUMBER_RESET: 'yearly' }
  world = await openWorld({ jobs: 'off', environment })
})
afterAll(() => world.close())

const tenants = ['north', 'east', 'south', 'west', 'centre']
const year = new Date().getUTCFullYear()

const operate = (tenantId: string, path: string, body: unknown) =>
  world.call('POST', path, { as: world.operator(), headers: { 'x-tenant-id': tenantId }, body })

const issue = (tenantId: string, unitAmount: number) =>
  operate(tenantId, '/invoices', {
    collection: 'manual',
    lineItems: [{ description: 'Work', quantity: 1, unitAmount }],
  })

const upTo = (n: number, lead: string) =>
  Array.from({ length: n }, (_, at) => `${lead}-${String(at + 1).padStart(4, '0')}`)

const numberProof = () => proveNumbers(world.service.deps)

describe('one series for all tenants', () => {
  it('50 invoices of 5 tenants at once are 1 to 50, and their 10 credit notes 1 to 10', async () => {
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, at) => issue(tenants[at % 5]!, 7)),
    )
    const numbers = made.map(({ body }) => body.invoiceNumber)
    expect(numbers.sort()).toEqual(upTo(50, `INV${year}`))
    const notes = await Promise.all(
      made
        .slice(0, 10)
        .map(({ body }, at) =>
          operate(tenants[at % 5]!, `/invoices/${body.id}/credit-notes`, { amount: 1 }),
        ),
    )
    const noted = notes.map(({ body }) => body.creditNoteNumber)
    expect(noted.sort()).toEqual(upTo(10, `INV${year}-CN`))
    expect((await numberProof()).broken).toEqual([])
  })

  it('a test tenant numbers for itself, anew each year', async () => {
    const story = await openStory(world, 'trying', '2024-11-15T00:00:00Z')
    await story.ask('POST', '/subscriptions', {
      plan: 'professional',
      trialDays: 0,
      paymentMethodId: 'pm_card_visa',
    })
    await story.until('2025-02-01T00:00:00Z')
    const { data } = await story.ask('GET', '/invoices')
    const numbers = data.map((invoice: { invoiceNumber: string }) => invoice.invoiceNumber.slice(6))
    expect(numbers).toEqual(['2025-0001', '2024-0002', '2024-0001'])
    expect((await numberProof()).broken).toEqual([])
  })

  it('a number that is gone from the issuer’s series is named by the proof', async () => {
    const { store } = world.service.deps
    const id = `INV${year}`
    await store.transaction('north', tx => tx.takeNumbers({ [id]: 1 }, 'issuer'))
    expect((await numberProof()).broken).toEqual([`${id}: 51 is missing, the next number is 52`])
  })
})
