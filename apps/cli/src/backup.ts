// Keeps a copy of a deployment in a folder, and checks one. Safe beside a running product: it reads one
// moment of the database.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  type BackupManifest,
  backUp,
  checkBackup,
} from '@quittance/billing-service/adapters/postgres/backup'
import { chooseDataDir } from '@quittance/billing-service/adapters/postgres/embedded'
import { copyKeysOut } from '@quittance/billing-service/adapters/postgres/key-copy'
import { prepareDatabase } from '@quittance/billing-service/adapters/postgres/prepare'
import { type Config, loadConfig } from '@quittance/billing-service/config'
import { exitCodes, type Invocation, Problem, type Run, UsageProblem } from './command.ts'
import { stopInOrder } from './lifetime.ts'
import { dataDirByDefault } from './places.ts'
import { drawProgress, endProgress } from './progress.ts'
import { openDatabaseOf } from './surroundings.ts'
import { say, warn } from './terminal.ts'

/** What of a data directory is part of the deployment: secrets, and the sandbox's own books. */
export const keptFiles = ['secrets.json', 'sandbox/journal.jsonl'] as const

export const rowsOf = ({ tables }: BackupManifest): number =>
  tables.reduce((sum, { rows }) => sum + rows, 0)

/** The files of an installation that was given no database or no Stripe of its own. */
function copyFiles(config: Config, folder: string): string[] {
  if (config.database !== null && config.stripe !== null) return []
  const { dataDir } = chooseDataDir(config.dataDir ?? undefined, dataDirByDefault)
  const files = keptFiles.filter(file => existsSync(join(dataDir, file)))
  for (const file of files) {
    const to = join(folder, 'files', file)
    mkdirSync(join(to, '..'), { recursive: true, mode: 0o700 })
    copyFileSync(join(dataDir, file), to)
  }
  return files
}

async function check(folder: string, json: boolean): Promise<number> {
  const wrong = await checkBackup(folder)
  if (json) say(JSON.stringify({ folder, whole: wrong.length === 0, damaged: wrong }))
  else if (wrong.length === 0) say(`The backup in ${folder} is whole.`)
  else say(`The backup in ${folder} is damaged: ${wrong.join(', ')}.`)
  return wrong.length === 0 ? exitCodes.ok : exitCodes.problem
}

/** Afterwards, so that there is a key for every row of the folder. */
async function copyKeys(systemUrl: string, { keys }: BackupManifest, file: string | undefined) {
  if (file !== undefined) return copyKeysOut(systemUrl, file)
  if (keys === 0) return 0
  throw new Problem(
    'The rows are kept, but not the keys of their personal data, without which those are lost: say where their ' +
      'newest copy goes, the same file for every backup, with --keys FILE.',
  )
}

/** After an erasure: its key leaves the copy at once, and not with the next backup. */
async function keysAlone(file: string, env: Invocation['env']): Promise<number> {
  const { urls, parts } = await openDatabaseOf(loadConfig(env))
  try {
    const { systemUrl } = await prepareDatabase(urls)
    say(`${await copyKeysOut(systemUrl, file)} keys are in ${file}.`)
  } finally {
    await stopInOrder(parts, warn)
  }
  return exitCodes.ok
}

export const runBackup: Run = async ({ text, on, env }) => {
  const folder = text('to') ?? text('check')
  if (folder === undefined && text('keys') !== undefined) return keysAlone(text('keys')!, env)
  if (folder === undefined) throw new UsageProblem('Say where: "quittance backup --to FOLDER".')
  if (text('check') !== undefined) return check(folder, on('json'))
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Problem(`${folder} is not empty: every backup has a folder of its own.`)
  }
  const config = loadConfig(env)
  const { urls, parts } = await openDatabaseOf(config)
  try {
    const { systemUrl } = await prepareDatabase(urls)
    const manifest = await backUp(systemUrl, folder, (done, total) =>
      drawProgress(done, total, 'tables'),
    )
    endProgress()
    const files = copyFiles(config, folder)
    const keys = await copyKeys(systemUrl, manifest, text('keys'))
    const facts = {
      folder,
      takenAt: manifest.takenAt,
      tables: manifest.tables.length,
      rows: rowsOf(manifest),
      keys,
      files,
    }
    if (on('json')) say(JSON.stringify(facts))
    else
      say(`${facts.rows} rows of ${facts.tables} tables as of ${facts.takenAt} are in ${folder}.`)
  } finally {
    await stopInOrder(parts, warn)
  }
  return exitCodes.ok
}
