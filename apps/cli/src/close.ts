// Closes the books of a month and writes its pack to a file.
import { writeFile } from 'node:fs/promises'
import { closeBooks, readClosing } from '@quittance/billing-service/actions/closing/close-books'
import { bytesOf } from '@quittance/billing-service/actions/exports/file-exports'
import { runExports } from '@quittance/billing-service/actions/exports/run-exports'
import type { Deps } from '@quittance/billing-service/deps'
import { exitCodes, type Run, UsageProblem } from './command.ts'
import { withService } from './composed.ts'
import { say, sayJson } from './terminal.ts'

/** Files that may stand before the pack in the queue. */
const roundsMax = 100

export const runClose: Run = async ({ text, on, env }) => {
  const period = text('period')
  if (period === undefined || !/^\d{4}-(0[1-9]|1[0-2])$/.test(period)) {
    throw new UsageProblem(`--period takes a month such as 2026-11, not "${period ?? ''}".`)
  }
  const tenantId = text('tenant') ?? null
  return withService(env, async ({ deps }) => {
    const { closing } = await closeBooks(deps, { tenantId, period, by: 'cli', language: 'en' })
    const row = await madePack(deps, tenantId, period)
    if (row === null) {
      if (on('json')) sayJson({ period, zone: closing.zone, pack: null })
      else say(`closed  ${period}, but its pack could not be made`)
      return exitCodes.problem
    }
    const file = text('out') ?? row.filename ?? `close-${period}.zip`
    await writeFile(file, bytesOf(deps, row))
    if (on('json')) {
      sayJson({ period, zone: closing.zone, pack: { file, bytes: row.bytes } })
      return exitCodes.ok
    }
    say(`closed  ${period} (${closing.zone})`)
    say(`        ${file}, ${row.bytes} bytes`)
    return exitCodes.ok
  })
}

/** Works on what waits until the pack is among what is done. */
async function madePack(deps: Deps, tenantId: string | null, period: string) {
  for (let round = 0; round < roundsMax; round += 1) {
    const { row } = (await readClosing(deps, tenantId, period)).pack
    if (row.state === 'done') return row
    if (row.state === 'failed' || (await runExports(deps)).length === 0) return null
  }
  return null
}
