// Brings the database to this version: roles, then migrations; on MongoDB validators and indexes. Safe to repeat and to run twice at once.
import { prepareMongo } from '@quittance/billing-service/adapters/mongo/migrate'
import { prepareDatabase } from '@quittance/billing-service/adapters/postgres/prepare'
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

export const runMigrate: Run = async ({ on, env }) => {
  const config = loadConfig(env)
  const mongoUri = config.database?.mongoUri ?? null
  if (mongoUri !== null) {
    tell(await prepareMongo({ uri: mongoUri }), on('json'))
    return exitCodes.ok
  }
  const { urls, parts } = await openDatabaseOf(config)
  try {
    tell((await prepareDatabase(urls)).applied, on('json'))
  } finally {
    await stopInOrder(parts, warn)
  }
  return exitCodes.ok
}
