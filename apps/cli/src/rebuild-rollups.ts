// Makes the sums that reports read anew and prints what was put right.
import { rebuildDerived } from '@quittance/billing-service/actions/derived/rebuild-derived'
import { exitCodes, type Run } from './command.ts'
import { withService } from './composed.ts'
import { say, sayJson } from './terminal.ts'

export const runRebuildRollups: Run = async ({ on, env }) => {
  const rebuilt = await withService(env, ({ deps }) => rebuildDerived(deps))
  const { tenants, totals, movements } = rebuilt
  if (on('json')) {
    sayJson({ tenants, totals, movements })
    return exitCodes.ok
  }
  say(
    `${tenants} tenants: ${totals} daily sums put right, ${movements} movements of recurring revenue added`,
  )
  return exitCodes.ok
}
