// Checks who imports whom (`.dependency-cruiser.cjs`). It fails on a forbidden import, when fewer files were
// read than there are, and when a rule does not catch the import planted against it.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise } from 'dependency-cruiser'

const root = fileURLToPath(new URL('..', import.meta.url))
const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs')
const tops = ['packages', 'services', 'apps']

const service = 'services/billing-service/src'

/** Against each rule: a file and the import in it that must be found. */
const planted = {
  'core-time': [`${service}/core/time.ts`, 'node:fs'],
  core: [`${service}/core/planted.ts`, 'temporal-polyfill'],
  ports: [`${service}/ports/planted.ts`, '../actions/other.ts'],
  notifications: [`${service}/notifications/planted.ts`, '../ports/other.ts'],
  documents: [`${service}/documents/planted.ts`, '../ports/other.ts'],
  actions: [`${service}/actions/planted.ts`, 'pg'],
  deps: [`${service}/deps.ts`, './actions/other.ts'],
  'adapter-postgres': [`${service}/adapters/postgres/planted.ts`, '../stripe/other.ts'],
  'adapter-hooks': [`${service}/adapters/hooks/planted.ts`, 'pg'],
  'adapter-mongo': [`${service}/adapters/mongo/planted.ts`, 'pg'],
  'adapter-memory': [`${service}/adapters/memory/planted.ts`, 'kysely'],
  'adapter-encryption': [`${service}/adapters/encryption/planted.ts`, 'pg'],
  'adapter-stripe': [`${service}/adapters/stripe/planted.ts`, '../../actions/other.ts'],
  'adapter-manual': [`${service}/adapters/manual/planted.ts`, 'stripe'],
  'adapter-tracing': [`${service}/adapters/tracing/planted.ts`, 'pg'],
  'adapter-smtp': [`${service}/adapters/smtp/planted.ts`, '../../notifications/other.ts'],
  'adapter-typst': [`${service}/adapters/typst/planted.ts`, 'hucre'],
  'adapter-spreadsheet': [`${service}/adapters/spreadsheet/planted.ts`, '../typst/other.ts'],
  'adapter-xml': [`${service}/adapters/xml/planted.ts`, 'hucre'],
  http: [`${service}/http/planted.ts`, 'stripe'],
  jobs: [`${service}/jobs/planted.ts`, 'pg'],
  webhooks: [`${service}/webhooks/planted.ts`, '../http/other.ts'],
  'only-main-knows-adapters': [`${service}/config.ts`, './adapters/stripe/other.ts'],
  contract: ['packages/billing-contract/src/planted.ts', 'fastify'],
  'http-kit': ['packages/http-kit/src/planted.ts', '../../billing-client/src/other.ts'],
  gateway: ['services/api-gateway/src/planted.ts', '../../billing-service/src/core/other.ts'],
  client: ['packages/billing-client/src/planted.ts', 'node:crypto'],
  'client-carries-no-schemas': [
    'packages/billing-client/src/planted.ts',
    '../../billing-contract/src/other.ts',
  ],
  'billing-react': ['packages/billing-react/src/planted.tsx', '../../http-kit/src/other.ts'],
  dashboard: ['apps/dashboard/src/planted.tsx', '../../cli/src/other.ts'],
  cli: ['apps/cli/src/planted.ts', '../../../packages/billing-react/src/other.ts'],
  sandbox: ['packages/stripe-sandbox/src/planted.ts', '../../billing-contract/src/other.ts'],
  'no-circles': ['packages/http-kit/src/planted.ts', '../../http-kit/src/circle.ts'],
}

async function violationsIn(baseDir) {
  const settings = { ...options, validate: true, ruleSet: { forbidden }, baseDir }
  const { output } = await cruise(tops, settings)
  return output.summary
}

function plant(folder, [file, target]) {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `import { planted } from '${target}'\nexport const found = planted\n`)
  if (!target.startsWith('.')) return
  const other = join(dirname(path), target)
  mkdirSync(dirname(other), { recursive: true })
  const circle = target.endsWith('circle.ts') ? `import { found } from './planted.ts'\n` : ''
  const value = circle === '' ? '1' : '() => found'
  writeFileSync(other, `${circle}export const planted = ${value}\n`)
}

/** Plants every forbidden import in a copy of the folders' layout and lists the rules that missed theirs. */
async function rulesThatMiss() {
  const names = forbidden.map(rule => rule.name)
  const without = names.filter(name => planted[name] === undefined)
  const missed = []
  for (const [name, planting] of Object.entries(planted)) {
    const folder = mkdtempSync(join(tmpdir(), 'quittance-layers-'))
    try {
      for (const top of tops) mkdirSync(join(folder, top))
      plant(folder, planting)
      const { violations } = await violationsIn(folder)
      if (!violations.some(({ rule }) => rule.name === name)) missed.push(name)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return [...without, ...missed]
}

function sourceFiles(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(entry => !['node_modules', 'dist'].includes(entry.name))
    .flatMap(entry => {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) return sourceFiles(path)
      return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : []
    })
}

const expected = tops.flatMap(sourceFiles).length
const { violations, totalCruised, totalDependenciesCruised } = await violationsIn(root)
const problems = violations
  .filter(({ rule }) => rule.severity === 'error')
  .map(({ rule, from, to }) => `${from} may not import ${to} (${rule.name})`)
if (totalCruised < expected || totalDependenciesCruised < totalCruised / 2) {
  problems.push(`only ${totalCruised} of ${expected} files were read`)
}
for (const name of await rulesThatMiss()) {
  problems.push(`the rule "${name}" does not catch the import planted against it`)
}
for (const problem of [...new Set(problems)]) process.stdout.write(`${problem}\n`)
process.stdout.write(
  `layers: ${expected} files, ${totalDependenciesCruised} imports, ${forbidden.length} rules, ${new Set(problems).size} problems\n`,
)
process.exitCode = problems.length > 0 ? 1 : 0
