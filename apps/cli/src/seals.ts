// Prints the newest seal of every chain, one JSON object per line, to be kept outside the deployment.
import { newestSeals } from '@quittance/billing-service/actions/seals/read-seals'
import { newestSealToWire } from '@quittance/billing-service/http/wire/seal'
import { exitCodes, type Run } from './command.ts'
import { withService } from './composed.ts'
import { say, sayJson } from './terminal.ts'

const pageMax = 1_000

export const runSeals: Run = async ({ on, env }) =>
  withService(env, async ({ deps }) => {
    const seals: object[] = []
    let cursor: string | null = null
    do {
      const page = await newestSeals(deps, {
        limit: pageMax,
        ...(cursor === null ? {} : { cursor }),
      })
      const heads = page.rows.map(newestSealToWire)
      if (on('json')) seals.push(...heads)
      else for (const head of heads) say(JSON.stringify(head))
      cursor = page.nextCursor
    } while (cursor !== null)
    if (on('json')) sayJson({ seals })
    return exitCodes.ok
  })
