// The whole product in a child process: a tenant's life, a power cut, a second life, and orderly ends.
import { statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { freePort } from '@quittance/http-kit/free-port'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  discard,
  groupExists,
  type Product,
  processesNaming,
  quittance,
  startProduct,
  temporaryFolder,
} from './product.ts'

const folder = temporaryFolder()
const dataDir = join(folder, 'data')
const products: Product[] = []
const start = async () => {
  const product = await startProduct({ dataDir })
  products.push(product)
  return product
}
afterAll(() => discard(folder, products))

const walk = (product: Product) => quittance(['walk', '--url', product.url])

async function listensOn(port: number): Promise<() => Promise<void>> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return () => new Promise(resolve => server.close(() => resolve()))
}

describe('the product, from its first start to a power cut and back', () => {
  let product: Product
  beforeAll(async () => {
    product = await start()
  })

  it('says where it is, who one can be and what is embedded, in both languages', () => {
    expect(product.banner).toContain(product.url)
    expect(product.banner).toMatch(/Embedded: PostgreSQL \d+\.\d+/)
    for (const id of ['admin', 'operator', 'service', 'newcomer']) {
      expect(product.banner).toMatch(new RegExp(`^(  Sign in as|) +${id} `, 'm'))
    }
    expect(product.banner).toContain('清讫已就绪')
  })

  it('walks a new tenant through 16 right answers', async () => {
    const { code, stdout, stderr } = await walk(product)
    expect(stderr).toBe('')
    expect(stdout).toContain('Every answer was right')
    expect(stdout).toMatch(/^16 {2}/m)
    expect(code).toBe(0)
  })

  it('builds nothing for a second command, and says nothing about it', async () => {
    const { code, stdout, stderr } = await quittance(['version'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('keeps its secrets for their owner alone', () => {
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600)
    expect(statSync(join(dataDir, 'running.json')).mode & 0o777).toBe(0o600)
  })

  it('gave the demo tenant a history: a paid plan change, a refund, an open invoice', async () => {
    const token = await quittance(['token', '--tenant', 'demo'], product.settings)
    const headers = { authorization: `Bearer ${token.stdout.trim()}` }
    const read = async (path: string) =>
      (await fetch(`${product.url}/api/v1/billing${path}`, { headers })).json()
    expect(await read('/subscriptions')).toMatchObject({ data: [{ plan: 'professional' }] })
    expect(await read('/transactions?type=refund')).toMatchObject({ data: [{ amount: 120 }] })
    expect(await read('/invoices?status=open')).toMatchObject({ data: [{ amountDue: 450 }] })
  })

  it('refuses a second product on the same data, in one sentence', async () => {
    const settings = { ...product.settings, GATEWAY_PORT: '0', BILLING_PORT: '0' }
    const { code, stdout, stderr } = await quittance(['start'], settings)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).not.toContain('    at ')
  })

  it('loses nothing to a power cut: the books hold and the walk goes well again', async () => {
    await product.kill()
    expect(processesNaming(dataDir)).toEqual([])
    product = await start()
    const books = await quittance(['verify'], product.settings)
    expect(books.stdout.match(/^holds /gm)).toHaveLength(12)
    expect(books.code).toBe(0)
    const { code, stdout, stderr } = await walk(product)
    expect(stderr).toBe('')
    expect(stdout).toContain('Every answer was right')
    expect(code).toBe(0)
  })

  it('ends within 2 s of SIGTERM and leaves no process', async () => {
    const { code, stderr, ms } = await product.stop('SIGTERM')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(ms).toBeLessThan(2_000)
    expect(groupExists(product.pid)).toBe(false)
    expect(processesNaming(dataDir)).toEqual([])
  })

  it('starts again from what it kept, and ends as well with Ctrl-C', async () => {
    product = await start()
    const { code, ms } = await product.stop('SIGINT')
    expect(code).toBe(0)
    expect(ms).toBeLessThan(2_000)
    expect(processesNaming(dataDir)).toEqual([])
  })
})

describe('what stands in the way of a start', () => {
  const problem = async (settings: Readonly<Record<string, string>>) => {
    const ports = { GATEWAY_PORT: '0', BILLING_PORT: '0', DATA_DIR: join(folder, 'other') }
    const { code, stdout, stderr } = await quittance(['start'], { ...ports, ...settings })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).not.toContain('    at ')
    expect(processesNaming(join(folder, 'other'))).toEqual([])
    return stderr.trim()
  }

  it('is said in one sentence when a port is taken, of gateway or service', async () => {
    for (const name of ['GATEWAY_PORT', 'BILLING_PORT']) {
      const port = await freePort()
      const release = await listensOn(port)
      expect(await problem({ [name]: String(port) })).toBe(
        `Port ${port} is taken: stop what listens there, or set ${name}.`,
      )
      await release()
    }
  })

  it('names every bad setting at once', async () => {
    const said = await problem({ BILLING_TAX_RATE: 'much', BILLING_ZONE: 'Mars/Base' })
    expect(said).toContain('BILLING_TAX_RATE is "much"')
    expect(said).toContain('BILLING_ZONE is "Mars/Base"')
    expect(said.split('\n')).toHaveLength(3)
  })

  it('is said in one sentence when the data directory cannot be written', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const said = await problem({ DATA_DIR: join(file, 'data') })
    expect(said).toContain('DATA_DIR')
    expect(said.split('\n')).toHaveLength(1)
  })

  it('is exit code 2 for a command line that makes no sense, 0 for help', async () => {
    expect(await quittance(['strat'])).toMatchObject({ code: 2, stdout: '' })
    expect((await quittance(['start', '--prot', '1'])).stderr).toBe("Unknown option '--prot'.\n")
    expect((await quittance(['start', '--help'])).code).toBe(0)
  })
})
