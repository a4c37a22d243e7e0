// Brings an existing Stripe account in, and compares what our engine would bill with what Stripe will.
import {
  type Imported,
  importAccount,
} from '@quittance/billing-service/actions/mirror/import-account'
import { type Shadow, shadowAll } from '@quittance/billing-service/actions/mirror/shadow'
import { exitCodes, type Run, UsageProblem } from './command.ts'
import { withService } from './composed.ts'
import { drawProgress, endProgress } from './progress.ts'
import { say, sayJson } from './terminal.ts'

const shownMax = 50
const readOnly = { readOnly: true } as const

function sayImported(imported: Imported): void {
  const { customers, methods, subscriptions, invoices, refunds, left } = imported
  say(
    `${customers} customers: ${methods} new methods, ${subscriptions} subscriptions, ` +
      `${invoices} invoices with their payments, ${refunds} refunds`,
  )
  for (const line of left.slice(0, shownMax)) say(`left out  ${line}`)
  if (left.length > shownMax) say(`left out  and ${left.length - shownMax} more`)
}

export const runImport: Run = async invocation => {
  const { words, text, on, env } = invocation
  if (words.length === 1 && words[0] === 'shadow') return runShadow({ ...invocation, words: [] })
  if (words.length !== 1 || words[0] !== 'stripe') {
    throw new UsageProblem('Say "quittance import stripe" or "quittance import shadow".')
  }
  const tenantKey = on('one-to-one') ? null : (text('tenant-key') ?? 'tenant_id')
  const imported = await withService(
    env,
    ({ deps }) =>
      importAccount(deps, {
        tenantKey,
        restart: on('restart'),
        onProgress: ({ customers, left }) =>
          drawProgress(customers, null, `customers read, ${left.length} things left out`),
      }),
    readOnly,
  )
  endProgress()
  if (on('json')) sayJson(imported)
  else sayImported(imported)
  return imported.left.length === 0 ? exitCodes.ok : exitCodes.problem
}

export const runShadow: Run = async ({ words, text, on, env }) => {
  if (words.length > 0) throw new UsageProblem('"quittance shadow" takes no words.')
  const shadow = await withService(
    env,
    ({ deps }) =>
      shadowAll(deps, text('tenant') ?? null, ({ compared }) =>
        drawProgress(compared, null, 'subscriptions compared'),
      ),
    readOnly,
  )
  endProgress()
  if (on('json')) sayJson(shadow)
  else sayShadow(shadow)
  return shadow.same === shadow.compared ? exitCodes.ok : exitCodes.problem
}

function sayShadow(shadow: Shadow): void {
  for (const line of shadow.differences) say(line)
  say(`${shadow.same} of ${shadow.compared} next invoices are what Stripe will bill`)
}
