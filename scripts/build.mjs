// Builds what runs: the `quittance` command (esbuild) and the dashboard (Vite). A target is built when the
// content of its sources has changed since; nothing is written to stdout unless asked for.
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const stamps = join(root, '.cache/build')
const thisFile = 'scripts/build.mjs'

/** Files that become files of their own, by the name they get in the output folder. */
const entries = {
  quittance: 'apps/cli/src/quittance.ts',
  // A thread starts from a file, so it cannot live inside a bundle.
  'typst-worker': 'services/billing-service/src/adapters/typst/worker.ts',
  // Foreign templates are laid out by a process that can be killed.
  'typst-template-child': 'services/billing-service/src/adapters/typst/template-child.ts',
}

const targets = {
  server: {
    says: 'the service',
    sources: ['packages', 'services', 'apps/cli', 'types', 'package-lock.json', thisFile],
    without: ['packages/billing-react'],
    output: 'apps/cli/dist',
    exists: () => true,
    make: makeServer,
  },
  dashboard: {
    says: 'the dashboard',
    sources: [
      'apps/dashboard',
      'packages/billing-react',
      'packages/billing-client',
      'packages/billing-contract',
      'package-lock.json',
      thisFile,
    ],
    without: [],
    output: 'apps/dashboard/dist',
    exists: () => existsSync(join(root, 'apps/dashboard/index.html')),
    make: makeDashboard,
  },
}

export const targetNames = Object.keys(targets)

function filesBelow(path) {
  const full = join(root, path)
  if (!existsSync(full)) return []
  if (statSync(full).isFile()) return [path]
  return readdirSync(full, { withFileTypes: true })
    .filter(entry => !['node_modules', 'dist', 'tests'].includes(entry.name))
    .flatMap(entry => {
      const below = `${path}/${entry.name}`
      return entry.isDirectory() ? filesBelow(below) : [below]
    })
}

function fingerprint({ sources, without }) {
  const hash = createHash('sha256').update(process.version.split('.')[0])
  const files = sources
    .flatMap(filesBelow)
    .filter(path => !/\.test\.tsx?$/.test(path) && !without.some(each => path.startsWith(each)))
    .sort()
  for (const path of files) {
    const bytes = readFileSync(join(root, path))
    hash.update(`\0${path}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

const stampOf = name => join(stamps, `${name}.json`)

function isCurrent(name, hash) {
  try {
    const stamp = JSON.parse(readFileSync(stampOf(name), 'utf8'))
    return stamp.hash === hash && stamp.outputs.every(path => existsSync(join(root, path)))
  } catch {
    return false
  }
}

/** The targets among these that have to be built. A dashboard without a page yet is left out. */
export function stale(names) {
  return names.filter(name => {
    const target = targets[name]
    return target.exists() && !isCurrent(name, fingerprint(target))
  })
}

/** Written beside and renamed, so that nobody ever reads half a file. */
function writeWhole(path, contents) {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.new`
  writeFileSync(draft, contents)
  renameSync(draft, path)
}

/** Our own packages are bundled, everything from the registry stays where npm put it. */
export const thirdPartyStaysOutside = {
  name: 'third-party-stays-outside',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@quittance/') ? null : { path, external: true },
    )
  },
}

async function makeServer() {
  const esbuild = await import('esbuild')
  const output = join(root, targets.server.output)
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: Object.entries(entries)
      .filter(([, path]) => existsSync(join(root, path)))
      .map(([name, path]) => ({ out: name, in: path })),
    outdir: output,
    // Flat, so that a file beside is found from every chunk.
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    loader: { '.sql': 'text', '.typ': 'text' },
    plugins: [thirdPartyStaysOutside],
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'silent',
    write: false,
  })
  await esbuild.stop()
  for (const { text } of result.warnings) process.stderr.write(`warning: ${text}\n`)
  // Chunks first: whoever starts meanwhile finds everything its entry names.
  const isEntry = path => Object.keys(entries).some(name => path === join(output, `${name}.js`))
  const files = result.outputFiles.toSorted((a, b) => isEntry(a.path) - isEntry(b.path))
  for (const file of files) writeWhole(file.path, file.contents)
  sweep(output, new Set(files.map(file => file.path)))
  return files.map(file => relative(root, file.path))
}

/** Chunks of earlier builds stay for a day: a process started from them may still load one. */
function sweep(folder, current) {
  const dayMs = 86_400_000
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (current.has(path) || Date.now() - statSync(path).mtimeMs < dayMs) continue
    rmSync(path, { recursive: true, force: true })
  }
}

async function makeDashboard({ verbose }) {
  const { build } = await import('vite')
  const draft = join(root, '.cache', `dashboard-${process.pid}`)
  const old = `${draft}-old`
  const output = join(root, targets.dashboard.output)
  try {
    await build({
      root: join(root, 'apps/dashboard'),
      logLevel: verbose ? 'info' : 'error',
      build: { outDir: draft, emptyOutDir: true },
    })
    if (existsSync(output)) renameSync(output, old)
    renameSync(draft, output)
  } finally {
    rmSync(draft, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
  return ['apps/dashboard/dist/index.html']
}

async function make(name, options) {
  const target = targets[name]
  const hash = fingerprint(target)
  const began = performance.now()
  const outputs = await target.make(options)
  writeWhole(stampOf(name), JSON.stringify({ hash, outputs }))
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  if (options.verbose) process.stdout.write(`built ${target.says} in ${seconds} s\n`)
}

/** Says so on stderr when it takes long, once. */
function noticeAfter(ms, text) {
  const timer = setTimeout(() => process.stderr.write(`${text}\n`), ms)
  return () => clearTimeout(timer)
}

async function main(args) {
  const verbose = args.includes('--verbose')
  const named = args.filter(arg => !arg.startsWith('--'))
  const unknown = named.find(name => !targetNames.includes(name))
  if (unknown !== undefined) throw new Error(`there is no target "${unknown}"`)
  const wanted = stale(named.length > 0 ? named : targetNames)
  if (verbose && wanted.length === 0) process.stdout.write('nothing to build\n')
  const says = wanted.map(name => targets[name].says).join(' and ')
  const done = noticeAfter(700, `Building ${says} (only after a change) ...`)
  try {
    await Promise.all(wanted.map(name => make(name, { verbose })))
  } finally {
    done()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch(error => {
    const reasons = error?.errors ?? [error]
    for (const reason of reasons) {
      const { file, line } = reason?.location ?? {}
      process.stderr.write(`${file ? `${file}:${line}: ` : ''}${reason?.text ?? reason?.message}\n`)
    }
    process.stderr.write('The build failed.\n')
    process.exitCode = 1
  })
}
