// Replays the stored events of one tenant into an empty store and compares the transactions.
import { rebuildTenant } from '@quittance/billing-service/actions/reconciliation/rebuild'
import { openMemoryStore } from '@quittance/billing-service/adapters/memory/store'
import { exitCodes, type Run, UsageProblem } from './command.ts'
import { withService } from './composed.ts'
import { say, sayJson } from './terminal.ts'

const shownMax = 20

export const runRebuild: Run = async ({ text, on, env }) => {
  const tenantId = text('tenant')
  if (tenantId === undefined) throw new UsageProblem('Name the tenant: --tenant ID.')
  const { events, compared, untold, differences } = await withService(env, ({ deps }) =>
    rebuildTenant(deps, openMemoryStore(), tenantId),
  )
  const same = differences.length === 0
  if (on('json')) {
    sayJson({ tenantId, same, events, compared, untold, differences })
    return same ? exitCodes.ok : exitCodes.problem
  }
  say(
    `${same ? 'equal  ' : 'DIFFERS'}  ${events} events replayed, ${compared} transactions compared, ` +
      `${untold} without a stored event`,
  )
  for (const { transactionId, field, stored, rebuilt } of differences.slice(0, shownMax)) {
    say(`         ${transactionId}: ${field} is ${stored}, rebuilt ${rebuilt}`)
  }
  return same ? exitCodes.ok : exitCodes.problem
}
