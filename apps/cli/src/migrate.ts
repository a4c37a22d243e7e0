// Brings the database to this version: roles, then migrations. Safe to repeat and to run twice at once.
import { prepareDatabase } from '@quittance/billing-service/adapters/postgres/prepare'
import { loadConfig } from '@quittance/billing-service/config'
import { exitCodes, type Run } from './command.ts'
import { stopInOrder } from './lifetime.ts'
import { openDatabaseOf } from './surroundings.ts'
import { say, warn } from './terminal.ts'

export const runMigrate: Run = async ({ on, env }) => {
  const { urls, parts } = await openDatabaseOf(loadConfig(env))
  try {
    const { applied } = await prepareDatabase(urls)
    if (on('json')) {
      say(JSON.stringify({ applied }))
      return exitCodes.ok
    }
    for (const name of applied) say(`applied ${name}`)
    say(applied.length === 0 ? 'The database is up to date.' : `${applied.length} migrations ran.`)
  } finally {
    await stopInOrder(parts, warn)
  }
  return exitCodes.ok
}
