// Prints the conformance run as a plain list, one line for each entry, and a closing summary with
// counts. It is a reporter of vitest; it judges nothing.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import type { Totals } from './ground.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`

interface Section {
  ok: number
  violations: number
}

function totalsOf(folder: string): Totals[] {
  const files = readdirSync(folder).filter(name => name.endsWith('.totals.json'))
  return files.map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Totals)
}

const sum = (totals: readonly Totals[], pick: (one: Totals) => number) =>
  totals.reduce((total, one) => total + pick(one), 0)

function sayTotals(totals: readonly Totals[]): void {
  const routes = new Set(totals.flatMap(one => one.routes))
  const passed = `${sum(totals, one => one.requests)} requests to ${routes.size} routes`
  const answered = `${sum(totals, one => one.answers)} answers`
  const hooks = `${sum(totals, one => one.webhooks)} webhooks`
  say(`held to the SDK's types: ${answered} and ${hooks}, of ${passed}`)
  const checked = totals.flatMap(({ checker }) => (checker ? [checker] : []))
  const total = (pick: (one: (typeof checked)[number]) => number) =>
    checked.reduce((all, one) => all + pick(one), 0)
  if (checked.length > 0) {
    const seen = `${total(one => one.requests)} requests, ${total(one => one.answers)} answers`
    const notes = count(
      total(one => one.notes),
      'remark',
    )
    say(`held to the checker: ${seen} and ${total(one => one.webhooks)} webhooks, ${notes}`)
    for (const { closingLine } of totals) if (closingLine) say(`  ${closingLine.slice(0, 400)}`)
  }
  say(`violations in traffic: ${sum(totals, one => one.violations)}`)
}

const sectionOf = (test: TestCase) => test.fullName.split(' > ')[0] ?? ''

function sayEntry(test: TestCase, number: number): void {
  const { state, errors } = test.result()
  const took = Math.round(test.diagnostic()?.duration ?? 0)
  const verdict = state === 'passed' ? 'ok       ' : 'VIOLATION'
  say(`${String(number).padStart(4)} ${verdict} ${test.fullName} (${took} ms)`)
  for (const { message, diff } of errors ?? []) {
    const lines = stripVTControlCharacters(`${message}\n${diff ?? ''}`).split('\n')
    for (const line of lines.slice(0, 30)) say(`       ${line.slice(0, 300)}`)
  }
}

/** What went wrong outside of entries: a file that does not load, a section that does not start. */
function sayFaults(
  modules: readonly TestModule[],
  faults: readonly { message?: string }[],
): number {
  const inModules = modules.flatMap(module => [
    ...module.errors(),
    ...[...module.children.allSuites()].flatMap(suite => suite.errors()),
  ])
  const all = [...inModules, ...faults]
  for (const { message } of all) say(`FAULT ${stripVTControlCharacters(message ?? 'unknown')}`)
  return all.length
}

/** The reporter as vitest loads it; the logs lie in the folder `CONFORMANCE_LOGS`. */
// biome-ignore lint/style/noDefaultExport: vitest finds a reporter by its default export.
export default function conformanceReporter(): Reporter {
  const sections = new Map<string, Section>()
  let number = 0
  return {
    onTestCaseResult(test) {
      number += 1
      const section = sections.get(sectionOf(test)) ?? { ok: 0, violations: 0 }
      if (test.result().state === 'passed') section.ok += 1
      else section.violations += 1
      sections.set(sectionOf(test), section)
      sayEntry(test, number)
    },
    onTestRunEnd(modules, faults) {
      const folder = process.env.CONFORMANCE_LOGS ?? ''
      say('')
      const failed = sayFaults(modules, faults)
      for (const [name, { ok, violations }] of sections) {
        say(`${name}: ${ok} ok, ${count(violations, 'violation')}`)
      }
      sayTotals(totalsOf(folder))
      const ok = [...sections.values()].reduce((total, section) => total + section.ok, 0)
      say(`conformance: ${ok} ok, ${number - ok + failed} failed`)
      if (number === ok && failed === 0) rmSync(folder, { recursive: true, force: true })
      else say(`what was sent and answered is in ${folder}`)
    },
  }
}
