import type { DunningSimulationWire } from '@quittance/billing-contract/schemas/dunning-report'
import { type DunningAnswer, simulateDunning } from '../../actions/reports/simulate-dunning.ts'
import { replayAssumptions } from '../../core/dunning-replay.ts'
import { fromIso, toIso } from '../../core/time.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { amount } from '../wire/money.ts'

const outcomeToWire = (sums: DunningAnswer['actual']): DunningSimulationWire['actual'] => ({
  recovered: sums.recovered,
  amounts: sums.amounts.map(([currency, minor]) => ({
    currency,
    recovered: amount(minor, currency),
  })),
  retries: sums.retries,
  daysToRecover: sums.daysToRecover === null ? null : Math.round(sums.daysToRecover * 100) / 100,
})

export function dunningReportRoutes(server: Server): void {
  serve(server, 'simulateDunning', async ({ body }) => {
    const { dunningDays, ...rest } = body.settings
    const answer = await simulateDunning(server.deps, {
      tenantId: body.tenantId ?? null,
      from: body.from === undefined ? null : fromIso(body.from, '/from'),
      to: body.to === undefined ? null : fromIso(body.to, '/to'),
      settings: {
        ...rest,
        ...(dunningDays === undefined
          ? {}
          : { dunningDays: [...dunningDays].sort((a, b) => a - b) }),
      },
    })
    return {
      from: toIso(answer.from),
      to: toIso(answer.to),
      invoices: answer.invoices,
      complete: answer.complete,
      actual: outcomeToWire(answer.actual),
      simulated: outcomeToWire(answer.simulated),
      assumptions: [...replayAssumptions],
    }
  })
}
