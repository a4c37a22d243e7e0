// What goes out: exports of many rows, and documents.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPdfRenderer } from '../../src/adapters/typst/pdf-renderer.ts'
import { exampleInvoice } from '../../src/documents/examples.ts'
import { customerRow, tenantRow, transactionRow } from '../../src/ports/contract/rows.ts'
import { type Ground, openGround } from './ground.ts'
import { type Bench, collectGarbage, inRounds, judged, rounds, seconds } from './measure.ts'

const tenantId = 'exporter'

async function openTransactions({ world }: Ground, count: number): Promise<void> {
  const customer = customerRow(tenantId, { isDefault: true })
  const { store } = world.service.deps
  await store.system.transaction(async tx => {
    await tx.insert('tenants', tenantRow(tenantId, { defaultCustomerId: customer.id }))
    await tx.insert('customers', customer)
  })
  const began = Date.now() - count * 1_000
  for (let from = 0; from < count; from += 5_000) {
    const rows = Array.from({ length: Math.min(5_000, count - from) }, (_, n) => {
      const at = began + (from + n) * 1_000
      return transactionRow(customer, { createdAt: at, recordedAt: at, updatedAt: at })
    })
    await store.system.transaction(tx => tx.insertMany('transactions', rows))
  }
}

interface Download {
  readonly seconds: number
  readonly bytes: number
  /** The most that the process grew by while it ran. */
  readonly grownMb: number
}

async function download({ world }: Ground, format: string): Promise<Download> {
  collectGarbage()
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 20)
  let bytes = 0
  const took = await seconds(
    () =>
      new Promise<void>((resolve, reject) => {
        const headers = { authorization: `Bearer ${world.admin(tenantId)}` }
        const url = `${world.url}/api/v1/billing/transactions/export/${format}`
        get(url, { headers }, answer => {
          if (answer.statusCode !== 200) reject(new Error(`export answered ${answer.statusCode}`))
          answer.on('data', (chunk: Buffer) => {
            bytes += chunk.length
          })
          answer.on('end', resolve)
        }).on('error', reject)
      }),
  )
  clearInterval(watch)
  return { seconds: took, bytes, grownMb: (most - before) / 2 ** 20 }
}

export const csv = (count: number): Bench => ({
  name: 'csv',
  says: 'the export of transactions as CSV, against COPY TO of the same rows',
  async run(tell) {
    const ground = await openGround()
    const folder = mkdtempSync(join(tmpdir(), 'quittance-bench-'))
    chmodSync(folder, 0o777)
    try {
      await openTransactions(ground, count)
      const file = join(folder, 'copy.csv')
      const grown: number[] = []
      const goal = { name: 'csv / COPY TO', unit: 'rows/s', must: 0.4, aim: 0.95 }
      const result = await inRounds(goal, async () => {
        const done = await download(ground, 'csv')
        grown.push(done.grownMb)
        const copied = await seconds(() =>
          ground.owner.query(`copy quittance.transactions to '${file}' with (format csv)`),
        )
        tell(`${Math.round(count / done.seconds)} rows/s, COPY ${Math.round(count / copied)}`)
        return { value: count / done.seconds, floor: count / copied }
      })
      const memory = { name: 'csv memory', unit: 'MB grown', must: 150, aim: 100, small: true }
      return [result, judged(memory, grown)]
    } finally {
      rmSync(folder, { recursive: true, force: true })
      await ground.close()
    }
  },
})

export const xlsx = (count: number): Bench => ({
  name: 'xlsx',
  says: 'the export of transactions as a workbook',
  async run(tell) {
    const ground = await openGround()
    try {
      await openTransactions(ground, count)
      const done: Download[] = []
      for (let n = 0; n < 3; n += 1) {
        done.push(await download(ground, 'xlsx'))
        const { seconds: took, bytes } = done.at(-1)!
        tell(`${count} rows in ${took.toFixed(1)} s, ${(bytes / 1e6).toFixed(1)} MB`)
      }
      const scale = 200_000 / count
      const time = { name: 'xlsx 200,000 rows', unit: 's', must: 5, aim: 2.5, small: true }
      const memory = { name: 'xlsx memory', unit: 'MB grown', must: 200, aim: 100, small: true }
      return [
        judged(
          time,
          done.map(each => each.seconds * scale),
        ),
        judged(
          memory,
          done.map(each => each.grownMb),
        ),
      ]
    } finally {
      await ground.close()
    }
  },
})

export const pdf: Bench = {
  name: 'pdf',
  says: 'an invoice as PDF, after warm-up',
  async run(tell) {
    const renderer = openPdfRenderer({ run: 'in-process' })
    try {
      for (let n = 0; n < 3; n += 1) await renderer.invoicePdf(exampleInvoice())
      const goal = { name: 'pdf', unit: 'ms', must: 20, aim: 4, small: true }
      const each = 20
      const figures: number[] = []
      for (let n = 0; n < rounds; n += 1) {
        const took = await seconds(async () => {
          for (let m = 0; m < each; m += 1) {
            await renderer.invoicePdf(exampleInvoice({ totalMinor: 29_700 + n * each + m }))
          }
        })
        figures.push((took * 1_000) / each)
        tell(`${figures.at(-1)!.toFixed(1)} ms`)
      }
      return [judged(goal, figures)]
    } finally {
      await renderer.close()
    }
  },
}
