// Prints the newest seal of every chain, one JSON object per line, to be kept outside the deployment.
import { newestSeals } from '@quittance/billing-service/actions/seals/read-seals'
import { newestSealToWire } from '@quittance/billing-service/http/wire/seal'
import { exitCodes, type Run } from './command.ts'
import { withService } from './composed.ts'
import { say } from './terminal.ts'

const pageMax = 1_000

export const runSeals: Run = async ({ env }) =>
  withService(env, async ({ deps }) => {
    let cursor: string | null = null
    do {
      const page = await newestSeals(deps, {
        limit: pageMax,
        ...(cursor === null ? {} : { cursor }),
      })
      for (const head of page.rows) say(JSON.stringify(newestSealToWire(head)))
      cursor = page.nextCursor
    } while (cursor !== null)
    return exitCodes.ok
  })
