// Brings the database to this version: roles, then migrations; on MongoDB validators and indexes. Safe to repeat and to run twice at once.
import { prepareMongo } from '@quittance/billing-service/adapters/mongo/migrate'
import { prepareDatabase } from '@quittance/billing-service/adapters/postgres/prepare'
import { withClient } from '@quittance/billing-service/adapters/postgres/server-process'
import {
  partitionUsage,
  usageInOneTable,
} from '@quittance/billing-service/adapters/postgres/usage-months'
import { loadConfig } from '@quittance/billing-service/config'
import { exitCodes, type Run } from './command.ts'
import { stopInOrder } from './lifetime.ts'
import { openDatabaseOf } from './surroundings.ts'
import { say, warn } from './terminal.ts'

/** Prints what ran, as sentences or as JSON. */
function tell(applied: readonly string[], json: boolean): void {
  if (json) {
    say(JSON.stringify({ applied }))
    return
  }
  for (const name of applied) say(`applied ${name}`)
  say(applied.length === 0 ? 'The database is up to date.' : `${applied.length} migrations ran.`)
}

/** From here on usage events are better kept by month. */
const usageEventsMany = 10_000_000

async function lookAfterUsage(ownerUrl: string, partition: boolean): Promise<void> {
  await withClient(ownerUrl, async client => {
    if (partition) {
      const changed = await partitionUsage(client, Date.now())
      warn(
        changed ? 'Usage events are kept by month from now on.' : 'They are kept by month already.',
      )
      return
    }
    const count = await usageInOneTable(client)
    if (count === null || count < usageEventsMany) return
    warn(
      `There are about ${count.toLocaleString('en')} usage events in one table: "quittance migrate ` +
        '--partition-usage" keeps them by month from now on.',
    )
  })
}

export const runMigrate: Run = async ({ on, env }) => {
  const config = loadConfig(env)
  const mongoUri = config.database?.mongoUri ?? null
  if (mongoUri !== null) {
    tell(await prepareMongo({ uri: mongoUri }), on('json'))
    return exitCodes.ok
  }
  const { urls, parts } = await openDatabaseOf(config)
  try {
    const { ownerUrl, applied } = await prepareDatabase(urls)
    tell(applied, on('json'))
    await lookAfterUsage(ownerUrl, on('partition-usage'))
  } finally {
    await stopInOrder(parts, warn)
  }
  return exitCodes.ok
}
