// The power goes between the processor's answer and its settlement, and comes back: the money is recorded
// once, and the processor holds one charge.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { discard, type Product, quittance, startProduct, temporaryFolder } from './product.ts'

const folder = temporaryFolder()
const dataDir = join(folder, 'data')
const products: Product[] = []
afterAll(() => discard(folder, products))

const start = async () => {
  const product = await startProduct({ dataDir })
  products.push(product)
  return product
}

const sandboxUrl = (): string =>
  JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8')).sandboxUrl

// biome-ignore lint/suspicious/noExplicitAny: answers are read as callers in JavaScript do
type Answer = any

async function sandbox(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${sandboxUrl()}${path}`, {
    method,
    headers: { authorization: 'Bearer sk_test_sandbox', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return response.json()
}

async function eventually<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const end = performance.now() + 30_000
  for (;;) {
    const value = await read()
    if (holds(value) || performance.now() > end) return value
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

it('a charge of 99.00 that Stripe carried out and nobody heard of is settled once after the restart', async () => {
  const first = await start()
  const token = (await quittance(['token', '--tenant', 'dark'], first.settings)).stdout.trim()
  const call = async (
    product: Product,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer> => {
    const response = await fetch(`${product.url}/api/v1/billing${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return response.json()
  }
  const tenantCharges = async () => {
    const { data } = await sandbox('GET', '/v1/payment_intents?limit=100')
    return data.filter(
      (intent: { metadata: { tenant_id: string } }) => intent.metadata.tenant_id === 'dark',
    )
  }
  await sandbox('POST', '/sandbox/faults', {
    kind: 'timeout_after',
    method: 'POST',
    match: '/v1/payment_intents',
  })
  // Nor does a webhook tell of it: one that comes at once may settle the charge before the power goes.
  await sandbox('POST', '/sandbox/faults', { kind: 'webhook_loss', probability: 1 })
  const unheard = call(first, 'POST', '/subscriptions', {
    plan: 'professional',
    trialDays: 0,
    paymentMethodId: 'pm_card_visa',
  }).catch(() => 'never answered')
  const charged = await eventually(tenantCharges, intents => intents.length === 1)
  expect(charged.map((intent: { status: string }) => intent.status)).toEqual(['succeeded'])
  expect((await call(first, 'GET', '/transactions')).data[0].status).toBe('pending')
  await first.kill()
  expect(await unheard).toBe('never answered')

  const second = await start()
  const settled = await eventually(
    async () => (await call(second, 'GET', '/transactions')).data,
    transactions => transactions[0]?.status === 'succeeded',
  )
  expect(settled).toHaveLength(1)
  expect(settled[0]).toMatchObject({ status: 'succeeded', amount: 99, fee: 3.17 })
  expect((await call(second, 'GET', '/subscriptions')).data[0]).toMatchObject({ status: 'active' })
  expect((await call(second, 'GET', '/invoices')).data[0]).toMatchObject({ status: 'paid' })
  expect(await tenantCharges()).toHaveLength(1)
  const verified = await quittance(['verify'], second.settings)
  expect(verified.code).toBe(0)
}, 120_000)
