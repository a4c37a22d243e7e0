// Writes the golden files anew: pictures and texts of documents, the schema, the page of permissions. Read the
// difference.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    ...['golden', 'store', 'unit'].flatMap(name => ['--project', name]),
    ...['golden', 'schema', 'permissions-page'],
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, UPDATE_GOLDEN: '1' } },
)
process.exitCode = status ?? 1
