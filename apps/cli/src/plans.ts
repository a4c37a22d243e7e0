// Plans as code: lists the offer, compares a file with it, pushes the file. Speaks to a running product
// through its API, as an operator.
import { existsSync, readFileSync } from 'node:fs'
import type { BillingClient } from '@quittance/billing-client/client'
import { exitCodes, Problem, type Run, UsageProblem } from './command.ts'
import { asked, operatorClient } from './operator-client.ts'
import { bold, dim, say, sayJson } from './terminal.ts'

type Push = Parameters<BillingClient['pushPlans']>[0]
type Pushed = Awaited<ReturnType<BillingClient['pushPlans']>>
export type PlanChange = Pushed['changes'][number]

const marks: Readonly<Record<string, string>> = {
  added: '+',
  changed: '~',
  retired: '-',
  unchanged: '=',
  not_listed: '?',
}

const sentences: Readonly<Record<string, (version: number) => string>> = {
  added: version => `new, version ${version}`,
  changed: version => `becomes version ${version}; subscriptions keep theirs`,
  retired: version => `version ${version} goes off the offer`,
  unchanged: version => `unchanged, version ${version}`,
  not_listed: version => `on offer in version ${version}, not in the file (--retire takes it off)`,
}

/** The lines that tell a person what changes, plan by plan and field by field. */
export function changeLines(changes: readonly PlanChange[]): string[] {
  return changes.flatMap(({ code, change, version, fields }) => [
    `${marks[change] ?? ' '} ${bold(code)}: ${sentences[change]?.(version) ?? change}`,
    ...(change === 'changed' ? fields : []).map(({ path, from, to }) => {
      if (from === null) return `    + ${path}: ${to}`
      return to === null ? `    - ${path}: ${dim(from)}` : `    ~ ${path}: ${from} -> ${to}`
    }),
  ])
}

/** Whether anything in the catalogue differs from the file. */
export const differs = (changes: readonly PlanChange[]): boolean =>
  changes.some(({ change }) => change !== 'unchanged' && change !== 'not_listed')

function readPlans(path: string): Push['plans'] {
  if (!existsSync(path)) throw new Problem(`There is no file ${path}: name one with --file.`)
  let read: unknown
  try {
    read = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Problem(`${path} is not JSON: ${reason}.`, { cause })
  }
  const plans = typeof read === 'object' && read !== null && 'plans' in read ? read.plans : read
  if (!Array.isArray(plans)) throw new Problem(`${path} holds no list of plans.`)
  return plans as Push['plans']
}

async function list(client: BillingClient, json: boolean): Promise<number> {
  const { data } = await client.listPlans()
  if (json) {
    sayJson({ plans: data })
    return exitCodes.ok
  }
  for (const { code, version, name, prices } of data) {
    const costs = prices.map(
      ({ currency, billingCycle, amount }) => `${amount} ${currency} ${billingCycle}`,
    )
    say(`${bold(code)} ${dim(`version ${version}`)}  ${name}: ${costs.join(', ')}`)
  }
  return exitCodes.ok
}

export const runPlans: Run = async invocation => {
  const [verb = 'list', ...rest] = invocation.words
  if (!['list', 'diff', 'push'].includes(verb) || rest.length > 0) {
    throw new UsageProblem(
      'Say "quittance plans", "quittance plans diff" or "quittance plans push".',
    )
  }
  const client = operatorClient(invocation)
  if (verb === 'list') return asked(() => list(client, invocation.on('json')))
  const plans = readPlans(invocation.text('file') ?? 'config/plans.json')
  const dryRun = verb === 'diff'
  const push = { plans, dryRun, retireMissing: invocation.on('retire') }
  const { changes } = await asked(() => client.pushPlans(push))
  if (invocation.on('json')) sayJson({ dryRun, differs: differs(changes), changes })
  else for (const line of changeLines(changes)) say(line)
  return dryRun && differs(changes) ? exitCodes.problem : exitCodes.ok
}
