// Puts a backup into an empty deployment. What runs on it is started afterwards.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readManifest, restore } from '@quittance/billing-service/adapters/postgres/backup'
import { chooseDataDir } from '@quittance/billing-service/adapters/postgres/embedded'
import { prepareDatabase } from '@quittance/billing-service/adapters/postgres/prepare'
import { type Config, loadConfig } from '@quittance/billing-service/config'
import { keptFiles, rowsOf } from './backup.ts'
import { exitCodes, Problem, type Run, UsageProblem } from './command.ts'
import { stopInOrder } from './lifetime.ts'
import { dataDirByDefault } from './places.ts'
import { drawProgress, endProgress } from './progress.ts'
import { openDatabaseOf } from './surroundings.ts'
import { say, warn } from './terminal.ts'

interface Move {
  readonly from: string
  readonly to: string
}

/** Files of the backup for this data directory. Throws `Problem` where one would be overwritten. */
function filesToMove(config: Config, folder: string): Move[] {
  const { dataDir } = chooseDataDir(config.dataDir ?? undefined, dataDirByDefault)
  const moves = keptFiles
    .map(file => ({ from: join(folder, 'files', file), to: join(dataDir, file) }))
    .filter(({ from }) => existsSync(from))
  const taken = moves.find(({ to }) => existsSync(to))
  if (taken !== undefined) {
    throw new Problem(`${taken.to} exists: restore into a new DATA_DIR (--data-dir FOLDER).`)
  }
  return moves
}

export const runRestore: Run = async ({ text, on, env }) => {
  const folder = text('from')
  if (folder === undefined) throw new UsageProblem('Say what: "quittance restore --from FOLDER".')
  await readManifest(folder)
  const config = loadConfig(env)
  const moves = filesToMove(config, folder)
  const { urls, parts } = await openDatabaseOf(config)
  try {
    const { ownerUrl } = await prepareDatabase(urls)
    const manifest = await restore(ownerUrl, folder, {
      keys: text('keys') ?? null,
      progress: (done, total) => drawProgress(done, total, 'tables'),
    })
    endProgress()
    for (const { from, to } of moves) {
      mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
      copyFileSync(from, to)
    }
    const facts = { folder, takenAt: manifest.takenAt, rows: rowsOf(manifest), files: moves.length }
    if (on('json')) say(JSON.stringify(facts))
    else say(`${facts.rows} rows as of ${facts.takenAt} are back. Now run "quittance verify".`)
  } finally {
    await stopInOrder(parts, warn)
  }
  return exitCodes.ok
}
