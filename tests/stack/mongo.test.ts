// The whole product on MongoDB, started as a newcomer starts it: demo history, walk, proofs, and a second start.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { unpreparedMongo } from '../../services/billing-service/src/test/mongo-database.ts'
import { describeOnMongo } from '../../services/billing-service/src/test/on-mongo.ts'
import { discard, type Product, quittance, startProduct, temporaryFolder } from './product.ts'

// What a killed process had under way, the server holds for up to a minute.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

describeOnMongo('the product on MongoDB', uri => {
  const folder = temporaryFolder()
  const products: Product[] = []
  let settings: Readonly<Record<string, string>>
  let drop: () => Promise<void>
  let product: Product
  const start = async () => {
    product = await startProduct({ dataDir: folder, settings, timeoutMs: 110_000 })
    products.push(product)
  }
  beforeAll(async () => {
    const database = unpreparedMongo(uri)
    drop = database.drop
    settings = { MONGODB_URI: database.uri }
    await start()
  })
  afterAll(async () => {
    discard(folder, products)
    await drop?.()
  })

  const demo = async (path: string) => {
    const token = await quittance(['token', '--tenant', 'demo'], product.settings)
    const headers = { authorization: `Bearer ${token.stdout.trim()}` }
    return (await fetch(`${product.url}/api/v1/billing${path}`, { headers })).json()
  }

  it('gave the demo tenant a history: a paid plan change, a refund, an open invoice', async () => {
    expect(await demo('/subscriptions')).toMatchObject({ data: [{ plan: 'professional' }] })
    expect(await demo('/transactions?type=refund')).toMatchObject({ data: [{ amount: 120 }] })
    expect(await demo('/invoices?status=open')).toMatchObject({ data: [{ amountDue: 450 }] })
  })

  it('walks a new tenant through 16 right answers', async () => {
    const { code, stdout, stderr } = await quittance(['walk', '--url', product.url])
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^16 {2}/m)
    expect(stdout).toContain('Every answer was right')
    expect(code).toBe(0)
  })

  it('keeps it all through a kill: the books hold, the demo is as it was, the walk goes well', async () => {
    const before = await demo('/invoices')
    await product.kill()
    await start()
    expect(await demo('/invoices')).toEqual(before)
    const books = await quittance(['verify'], product.settings)
    expect(books.stdout.match(/^holds /gm)).toHaveLength(12)
    expect(books.code).toBe(0)
    expect((await quittance(['walk', '--url', product.url])).code).toBe(0)
  })
})
