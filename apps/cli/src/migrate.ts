// Brings the database to this version: roles, then migrations; on MongoDB validators and indexes. Safe to repeat and to run twice at once.
import { prepareMongo } from '@quittance/billing-service/adapters/mongo/migrate'
import { prepareDatabase } from '@quittance/billing-service/adapters/postgres/prepare'
import { loadConfig } from '@quittance/billing-service/config'
import { exitCodes, type Run } from './command.ts'
import { stopInOrder } from './lifetime.ts'
import { openDatabaseOf } from './surroundings.ts'
import { say, warn } from './terminal.ts'

function tell(applied: readonly string[]): void {
  for (const name of applied) say(`applied ${name}`)
  say(applied.length === 0 ? 'The database is up to date.' : `${applied.length} migrations ran.`)
}

export const runMigrate: Run = async ({ env }) => {
  const config = loadConfig(env)
  const mongoUri = config.database?.mongoUri ?? null
  if (mongoUri !== null) {
    tell(await prepareMongo({ uri: mongoUri }))
    return exitCodes.ok
  }
  const { urls, parts } = await openDatabaseOf(config)
  try {
    tell((await prepareDatabase(urls)).applied)
  } finally {
    await stopInOrder(parts, warn)
  }
  return exitCodes.ok
}
