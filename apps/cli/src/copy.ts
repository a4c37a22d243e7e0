// Moves a deployment to another database, PostgreSQL or MongoDB, compares every row and proves the books there.
import {
  copyRows,
  differences,
  firstWithRows,
} from '@quittance/billing-service/actions/copy/copy-store'
import { loadConfig } from '@quittance/billing-service/config'
import { openStore } from '@quittance/billing-service/main'
import type { Store } from '@quittance/billing-service/ports/store'
import { exitCodes, type Invocation, Problem, type Run, UsageProblem } from './command.ts'
import { say, sayJson } from './terminal.ts'
import { proofsOf, runVerify } from './verify.ts'

type Settings = Readonly<Record<string, string | undefined>>

/** Differences printed; the count says how many there are. */
const shownMax = 20

/** The settings of a service that keeps its books at this address, and nothing else of a database. */
function settingsOf(option: string, url: string | undefined, env: Settings): Settings {
  const mongo = url?.startsWith('mongodb') === true
  if (url === undefined || !(mongo || url.startsWith('postgres'))) {
    throw new UsageProblem(`--${option} takes an address: postgres://... or mongodb://...`)
  }
  return {
    ...env,
    DATABASE_URL: mongo ? undefined : url,
    DATABASE_OWNER_URL: undefined,
    DATABASE_SYSTEM_URL: undefined,
    MONGODB_URI: mongo ? url : undefined,
  }
}

const open = (settings: Settings): Promise<Store> => openStore({ config: loadConfig(settings) })

async function copyBetween(from: Store, to: Store, tell: (line: string) => void): Promise<number> {
  const taken = await firstWithRows(to)
  if (taken !== null) {
    throw new Problem(`The database of --to already has ${taken}: a copy needs an empty one.`)
  }
  const total = await copyRows(from, to, (name, rows) => {
    if (rows > 0) tell(`copied  ${name} (${rows})`)
  })
  const wrong = await differences(from, to)
  for (const line of wrong.slice(0, shownMax)) tell(`DIFFERS ${line}`)
  if (wrong.length > 0) throw new Problem(`${wrong.length} differences: the copy cannot be used.`)
  return total
}

export const runCopy: Run = async invocation => {
  const { text, on, env } = invocation
  const tell = on('json') ? () => undefined : say
  let total = 0
  const source = settingsOf('from', text('from'), env)
  const target = settingsOf('to', text('to'), env)
  const from = await open(source)
  try {
    const to = await open(target)
    try {
      total = await copyBetween(from, to, tell)
      tell(`${total} rows were copied, and each is as it was.`)
    } finally {
      await to.close()
    }
  } finally {
    await from.close()
  }
  if (on('json')) return tellCopied(total, { ...invocation, env: target })
  const verified = await runVerify({ ...invocation, env: target })
  if (verified === exitCodes.ok) say('The copy holds. Start the product on it.')
  return verified
}

/** One object for the copy and its proofs. */
async function tellCopied(rows: number, target: Invocation): Promise<number> {
  const proofs = await proofsOf(target)
  const holds = proofs.every(({ broken }) => broken.length === 0)
  sayJson({ rows, holds, proofs })
  return holds ? exitCodes.ok : exitCodes.problem
}
