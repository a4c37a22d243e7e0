// The journal: what was answered survives a kill at any byte.

import { spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientOf, startReceiver, startTestSandbox } from './test-client.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-journal-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const journal = () => join(dataDir, 'journal.jsonl')

describe('a sandbox with a folder', () => {
  it('remembers payments, keys, events and the clock over a restart', async () => {
    const first = await startTestSandbox({ dataDir })
    const payment = { amount: 900, currency: 'usd', payment_method: 'pm_card_visa' } as const
    const confirmed = { ...payment, confirm: true, off_session: true }
    const intent = await first.stripe.paymentIntents.create(confirmed, { idempotencyKey: 'k1' })
    first.state.advance(3_600_000)
    const account = await first.stripe.accounts.retrieveCurrent()
    await first.close()

    const second = await startTestSandbox({ dataDir })
    expect((await second.stripe.accounts.retrieveCurrent()).id).toBe(account.id)
    const again = await second.stripe.paymentIntents.create(confirmed, { idempotencyKey: 'k1' })
    expect(again.id).toBe(intent.id)
    const events = await second.stripe.events.list({ type: 'payment_intent.succeeded' })
    expect(events.data).toHaveLength(1)
    expect(second.state.now() - Date.now()).toBeGreaterThan(3_590_000)
    await second.close()
  })

  it('drops a torn last line, wherever it was torn, and keeps the rest', async () => {
    const first = await startTestSandbox({ dataDir })
    const { id } = await first.stripe.customers.create({ name: 'Kept' })
    const kept = readFileSync(journal(), 'utf8')
    await first.stripe.customers.create({ name: 'Torn' })
    await first.close()
    const torn = readFileSync(journal(), 'utf8').slice(kept.length)
    for (const length of [1, 20, torn.length - 2]) {
      writeFileSync(journal(), kept)
      appendFileSync(journal(), torn.slice(0, length))
      const next = await startTestSandbox({ dataDir })
      const customers = await next.stripe.customers.list()
      expect(customers.data.map(row => row.id)).toEqual([id])
      await next.close()
    }
  })

  it('delivers after a restart what it could not deliver before', async () => {
    const receiver = await startReceiver()
    const webhooks = [{ url: receiver.url, secret: 'whsec_test' }]
    const first = await startTestSandbox({ dataDir, webhooks })
    first.state.faults.add({
      kind: 'webhook_delay',
      remaining: 1,
      probability: 1,
      method: null,
      match: null,
      delayMs: 60,
      status: 429,
      performs: false,
    })
    await first.stripe.customers.create()
    await first.close()
    expect(receiver.types()).toEqual([])
    const second = await startTestSandbox({ dataDir, webhooks })
    await expect.poll(() => receiver.types()).toEqual(['customer.created'])
    await second.close()
    await receiver.close()
  })

  it('has in its journal whatever it answered before SIGKILL', async () => {
    const outfile = join(dataDir, 'main.mjs')
    const entry = fileURLToPath(new URL('./main.ts', import.meta.url))
    buildSync({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile })
    const run = `import('${outfile}').then(main => main.runSandbox(process.argv.slice(1)))`
    const args = ['-e', run, '--', '--port', '0', '--data-dir', dataDir]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const port = await new Promise<number>(resolve => {
      child.stdout.on('data', (chunk: Buffer) => {
        const found = /127\.0\.0\.1:(\d+)/.exec(chunk.toString())
        if (found) resolve(Number(found[1]))
      })
    })
    const stripe = clientOf({ port, secretKey: 'sk_test_sandbox' })
    const answered = await Promise.all(
      Array.from({ length: 20 }, (_, index) => stripe.customers.create({ name: `c${index}` })),
    )
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('exit', resolve))
    const next = await startTestSandbox({ dataDir })
    for (const { id } of answered) expect(next.state.get('customer', id)?.id).toBe(id)
    await next.close()
  })
})
