// Makes the sums that reports read anew and prints what was put right.
import { rebuildDerived } from '@quittance/billing-service/actions/derived/rebuild-derived'
import { exitCodes, type Run } from './command.ts'
import { withService } from './composed.ts'
import { say } from './terminal.ts'

export const runRebuildRollups: Run = async ({ env }) => {
  const { tenants, totals, movements } = await withService(env, ({ deps }) => rebuildDerived(deps))
  say(
    `${tenants} tenants: ${totals} daily sums put right, ${movements} movements of recurring revenue added`,
  )
  return exitCodes.ok
}
