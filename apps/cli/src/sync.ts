// Reads everything of all tenants again from the processor. Stopped, it goes on where it was.
import { type SyncProgress, syncAll } from '@quittance/billing-service/actions/reconciliation/sync'
import { exitCodes, type Run } from './command.ts'
import { withService } from './composed.ts'
import { say } from './terminal.ts'

const barWidth = 30

/** One line that is written over itself; on no terminal, nothing until the end. */
function drawBar({ tenants, done }: SyncProgress): void {
  if (!process.stderr.isTTY) return
  const share = tenants === 0 ? 1 : Math.min(1, done / tenants)
  const filled = Math.round(share * barWidth)
  const bar = `${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}`
  process.stderr.write(`\r[${bar}] ${done} of ${tenants} tenants`)
}

export const runSync: Run = async ({ on, env }) => {
  const { done, synced } = await withService(env, ({ deps }) =>
    syncAll(deps, { restart: on('restart'), onProgress: drawBar }),
  )
  if (process.stderr.isTTY) process.stderr.write('\n')
  const { payments, refunds, disputes, methods, ignored } = synced
  say(
    `${done} tenants: ${payments} payments, ${refunds} refunds, ${disputes} disputes, ` +
      `${methods} methods read; ${ignored} objects were none of ours`,
  )
  return exitCodes.ok
}
