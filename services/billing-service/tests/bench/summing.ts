// Summaries from daily sums, against adding the transactions up.
import { summarize } from '../../src/actions/transactions/summarize.ts'
import { systemCaller } from '../../src/core/caller.ts'
import { customerRow, tenantRow, transactionRow } from '../../src/ports/contract/rows.ts'
import { openGround } from './ground.ts'
import { type Bench, inRounds, seconds } from './measure.ts'

const tenantId = 'summed'
const year = 2025
const times = 5

export const reports = (count: number): Bench => ({
  name: 'reports',
  says: 'the summary of a year from daily sums, against adding up its transactions',
  async run(tell) {
    const { world, ...ground } = await openGround()
    try {
      const { deps } = world.service
      const customer = customerRow(tenantId, { isDefault: true })
      await deps.store.system.transaction(async tx => {
        await tx.insert('tenants', tenantRow(tenantId, { defaultCustomerId: customer.id }))
        await tx.insert('customers', customer)
      })
      const [from, to] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)]
      for (let done = 0; done < count; done += 5_000) {
        const rows = Array.from({ length: Math.min(5_000, count - done) }, (_, n) => {
          const at = from + Math.floor(((done + n) / count) * (to - from))
          return transactionRow(customer, { createdAt: at, recordedAt: at, processedAt: at })
        })
        await deps.store.transaction(
          tenantId,
          async tx => void (await tx.insertMany('transactions', rows)),
        )
      }
      await ground.owner.query('vacuum analyze quittance.transactions')
      const caller = systemCaller(tenantId, 'bench', 'bench')
      const raw = () =>
        deps.store.of(tenantId).sum('transactions', {
          where: { status: 'succeeded' },
          range: { field: 'createdAt', from, to },
          groupBy: ['currency', 'type'],
          sum: ['amountMinor', 'feeMinor'],
        })
      const perSecond = async (work: () => Promise<unknown>) => {
        const took = await seconds(async () => {
          for (let n = 0; n < times; n += 1) await work()
        })
        return times / took
      }
      const goal = { name: `reports, ${count} rows / raw`, unit: 'summaries/s', must: 15, aim: 50 }
      const result = await inRounds(goal, async () => {
        const value = await perSecond(() => summarize(deps, caller, String(year)))
        const floor = await perSecond(raw)
        tell(`${value.toFixed(1)} summaries/s, added up ${floor.toFixed(1)}`)
        return { value, floor }
      })
      return [result]
    } finally {
      await ground.close()
    }
  },
})
