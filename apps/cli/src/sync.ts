// Reads everything of all tenants again from the processor. Stopped, it goes on where it was.
import { syncAll } from '@quittance/billing-service/actions/reconciliation/sync'
import { exitCodes, type Run } from './command.ts'
import { withService } from './composed.ts'
import { drawProgress, endProgress } from './progress.ts'
import { say, sayJson } from './terminal.ts'

export const runSync: Run = async ({ on, env }) => {
  const { done, synced } = await withService(env, ({ deps }) =>
    syncAll(deps, {
      restart: on('restart'),
      onProgress: progress => drawProgress(progress.done, progress.tenants, 'tenants'),
    }),
  )
  endProgress()
  if (on('json')) {
    sayJson({ tenants: done, ...synced })
    return exitCodes.ok
  }
  const { payments, refunds, disputes, methods, ignored } = synced
  say(
    `${done} tenants: ${payments} payments, ${refunds} refunds, ${disputes} disputes, ` +
      `${methods} methods read; ${ignored} objects were none of ours`,
  )
  return exitCodes.ok
}
