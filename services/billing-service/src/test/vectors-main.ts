// Command (`npm run vectors`): runs a folder of vectors and prints what passed. `--dir <folder>`, `--json` for
// a machine. Ends with 1 unless every row passes or stands, with its reason, in docs/vectors.md.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runVectors, type VectorResult } from './vectors.ts'

const page = join('docs', 'vectors.md')

/** The page of documented rows, above this file or above the working folder. */
function documentedPage(): string | undefined {
  for (const start of [dirname(fileURLToPath(import.meta.url)), process.cwd()]) {
    for (let folder = start, above = ''; folder !== above; folder = dirname(folder)) {
      if (existsSync(join(folder, page))) return join(folder, page)
      above = folder
    }
  }
  return undefined
}

/** The rows whose rule differs from ours: the first cells of the table on that page. */
function documentedRows(): Set<string> {
  const path = documentedPage()
  const lines = path === undefined ? [] : readFileSync(path, 'utf8').split('\n')
  const ids = lines.map(line => /^\| `([\w-]+)` \|/.exec(line)?.[1])
  return new Set(ids.filter(id => id !== undefined))
}

function countOf(rows: readonly VectorResult[], status: VectorResult['status']): number {
  return rows.filter(row => row.status === status).length
}

function summaryLine(name: string, rows: readonly VectorResult[]): string {
  const counts = (['passed', 'failed', 'unsupported'] as const).map(
    status => `${String(countOf(rows, status)).padStart(4)} ${status}`,
  )
  return `${name.padEnd(38)}${counts.join('  ')}`
}

function report(rows: readonly VectorResult[], documented: ReadonlySet<string>): string {
  const files = [...new Set(rows.map(row => row.file))]
  const summary = files.map(file =>
    summaryLine(
      file,
      rows.filter(row => row.file === file),
    ),
  )
  const open = rows
    .filter(row => row.status !== 'passed')
    .map(row => {
      const note = documented.has(row.id) ? ' (documented)' : ''
      const expected = JSON.stringify(row.expected)
      return `${row.status} ${row.id}${note}\n  got      ${JSON.stringify(row.got)}\n  expected ${expected}`
    })
  return [...summary, summaryLine('all', rows), ...open].join('\n')
}

/** What a machine reads of each status. */
const words = { passed: 'pass', failed: 'fail', unsupported: 'unsupported' } as const

function main(): void {
  const { values } = parseArgs({
    options: { dir: { type: 'string' }, json: { type: 'boolean', default: false } },
  })
  if (values.dir === undefined) {
    process.stderr.write('usage: vectors --dir <folder> [--json]\n')
    process.exitCode = 2
    return
  }
  const rows = runVectors(values.dir)
  const documented = documentedRows()
  const plain = rows.map(({ id, status, got, expected }) => ({
    id,
    status: words[status],
    got,
    expected,
  }))
  const text = values.json ? JSON.stringify({ rows: plain }) : report(rows, documented)
  process.stdout.write(`${text}\n`)
  const settled = rows.every(row => row.status === 'passed' || documented.has(row.id))
  process.exitCode = rows.length > 0 && settled ? 0 : 1
}

main()
