// What a deployment says of its books: reports, summaries, lists as files, everything a tenant is handed, and
// the proofs. Two stores that hold the same rows say the same, byte for byte.
import { text } from 'node:stream/consumers'
import { dumpTenant } from '../../actions/exports/dump-tenant.ts'
import { exportList } from '../../actions/exports/export-list.ts'
import { type ExportNoun, listNouns } from '../../actions/exports/nouns.ts'
import { runReport } from '../../actions/reports/run-report.ts'
import { summarize } from '../../actions/transactions/summarize.ts'
import { verifyBooks } from '../../actions/verify/verify-books.ts'
import { reports } from '../../core/reports/index.ts'
import type { Deps } from '../../deps.ts'
import type { Store } from '../../ports/store.ts'
import { operatorOf, type SimulatedWorld } from './world.ts'

const nouns = Object.keys(listNouns) as ExportNoun[]

async function lists(deps: Deps, tenantId: string | null): Promise<string[]> {
  const files: string[] = []
  for (const noun of nouns) {
    const asked = { noun, tenantId, language: 'en', where: {} } as const
    const { content } = await exportList(deps, 'csv', asked)
    files.push(await text(content as AsyncIterable<Uint8Array>))
  }
  return files
}

async function handedOut(deps: Deps, tenantId: string): Promise<string> {
  const lines: string[] = []
  for await (const line of dumpTenant(deps, tenantId)) lines.push(JSON.stringify(line))
  return lines.join('\n')
}

export interface Told {
  readonly reports: unknown
  readonly summaries: unknown
  readonly files: readonly string[]
  readonly dumps: readonly string[]
  /** Each proof of `quittance verify` with what breaks it. */
  readonly proofs: readonly { readonly says: string; readonly broken: readonly string[] }[]
}

/** What the world's deployment says when its rows lie in that store. */
export async function toldBy(world: SimulatedWorld, store: Store): Promise<Told> {
  const deps: Deps = { ...world.deps, store }
  const tenants = world.tenants.map(({ tenantId }) => tenantId)
  const span = { from: world.startedAt, to: world.now() + 1 }
  const said: unknown[] = []
  const summaries: unknown[] = []
  const files: string[] = []
  const dumps: string[] = []
  for (const tenantId of [null, ...tenants]) {
    for (const report of reports) said.push(await runReport(deps, report, { tenantId, ...span }))
    files.push(...(await lists(deps, tenantId)))
    if (tenantId === null) continue
    summaries.push(await summarize(deps, operatorOf(tenantId), 'year'))
    dumps.push(await handedOut(deps, tenantId))
  }
  const proofs = await verifyBooks(deps, { days: 3_660 })
  return {
    reports: said,
    summaries,
    files,
    dumps,
    proofs: proofs.map(({ says, broken }) => ({ says, broken })),
  }
}
