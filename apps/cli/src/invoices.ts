// Invoices of a running product, through its API as an operator: listed, shown, and those that are due generated.
import type { BillingClient } from '@quittance/billing-client/client'
import { exitCodes, type Invocation, Problem, type Run, UsageProblem } from './command.ts'
import { asked, operatorClient } from './operator-client.ts'
import { bold, dim, say, sayJson } from './terminal.ts'

type Invoice = Awaited<ReturnType<BillingClient['getInvoice']>>
type Listed = Pick<
  Invoice,
  | 'id'
  | 'tenantId'
  | 'invoiceNumber'
  | 'status'
  | 'currency'
  | 'total'
  | 'amountDue'
  | 'issuedAt'
  | 'createdAt'
>

const statuses = ['draft', 'open', 'paid', 'void', 'uncollectible']
const pageMax = 100

function limitOf(given: string | undefined): number {
  const limit = Number(given ?? 20)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit
  throw new UsageProblem(`--limit takes a whole number from 1 to 1000, not "${given}".`)
}

function statusOf(given: string | undefined): string | undefined {
  if (given === undefined || statuses.includes(given)) return given
  throw new UsageProblem(`--status takes ${statuses.join(', ')}, not "${given}".`)
}

const sum = (amount: number, currency: string): string => `${amount} ${currency}`

/** One line of the list; a draft has no number yet. */
export function invoiceLine(invoice: Listed): string {
  const { id, tenantId, invoiceNumber, status, currency, total, amountDue } = invoice
  const day = (invoice.issuedAt ?? invoice.createdAt).slice(0, 10)
  const due = amountDue > 0 && status === 'open' ? `, ${sum(amountDue, currency)} due` : ''
  return `${bold(invoiceNumber ?? 'draft')}  ${day}  ${tenantId}  ${status}  ${sum(total, currency)}${due}  ${dim(id)}`
}

/** An invoice with its lines, as a person reads it. */
export function invoiceLines(invoice: Invoice): string[] {
  const { currency, lineItems, discount, tax, total, amountPaid, amountDue } = invoice
  const row = (label: string, amount: number) => `    ${label.padEnd(12)}${sum(amount, currency)}`
  return [
    invoiceLine(invoice),
    ...lineItems.map(
      ({ description, quantity, amount }) =>
        `  ${quantity} × ${description}: ${sum(amount, currency)}`,
    ),
    ...(discount > 0 ? [row('discount', -discount)] : []),
    ...(tax.amount > 0 ? [row('tax', tax.amount)] : []),
    row('total', total),
    row('paid', amountPaid),
    row('due', amountDue),
  ]
}

/** The newest invoices, page after page up to the limit: of one tenant, or of all. */
async function newest(client: BillingClient, invocation: Invocation): Promise<Listed[]> {
  const limit = limitOf(invocation.text('limit'))
  const status = statusOf(invocation.text('status'))
  const found: Listed[] = []
  let cursor: string | null = null
  do {
    const query: { limit: number; status?: string; cursor?: string } = {
      limit: Math.min(pageMax, limit - found.length),
      ...(status === undefined ? {} : { status }),
      ...(cursor === null ? {} : { cursor }),
    }
    const page =
      invocation.text('tenant') === undefined
        ? await client.listIssuerInvoices(query)
        : await client.listInvoices(query)
    found.push(...page.data)
    cursor = page.nextCursor
  } while (cursor !== null && found.length < limit)
  return found
}

async function list(client: BillingClient, invocation: Invocation): Promise<number> {
  const invoices = await newest(client, invocation)
  if (invocation.on('json')) sayJson({ invoices })
  else for (const invoice of invoices) say(invoiceLine(invoice))
  return exitCodes.ok
}

async function show(client: BillingClient, invocation: Invocation, id: string): Promise<number> {
  if (invocation.text('tenant') === undefined) {
    throw new UsageProblem('Name the tenant whose invoice is shown: --tenant ID.')
  }
  const invoice = await client.getInvoice(id)
  if (invocation.on('json')) sayJson(invoice)
  else for (const line of invoiceLines(invoice)) say(line)
  return exitCodes.ok
}

/** The jobs that make invoices, in their order: drafts are written, then issued. */
const makers = ['renew-due', 'finalize-drafts'] as const

async function generate(client: BillingClient, json: boolean): Promise<number> {
  const done: Record<string, Readonly<Record<string, number>>> = {}
  for (const name of makers) {
    const { state, counts } = await client.runJob(name)
    if (state !== 'done') {
      throw new Problem(`${name} is still at work: "quittance jobs" and its runs say how it ends.`)
    }
    done[name] = counts
  }
  if (json) {
    sayJson({ jobs: done })
    return exitCodes.ok
  }
  for (const [name, counts] of Object.entries(done)) {
    const told = Object.entries(counts).map(([key, count]) => `${count} ${key}`)
    say(`${name}: ${told.join(', ')}`)
  }
  return exitCodes.ok
}

export const runInvoices: Run = async invocation => {
  const [verb = 'list', id, ...rest] = invocation.words
  const fits = verb === 'show' ? id !== undefined : id === undefined
  if (!['list', 'show', 'generate'].includes(verb) || !fits || rest.length > 0) {
    throw new UsageProblem(
      'Say "quittance invoices", "quittance invoices show ID" or "quittance invoices generate".',
    )
  }
  limitOf(invocation.text('limit'))
  statusOf(invocation.text('status'))
  const client = operatorClient(invocation)
  if (verb === 'generate') return asked(() => generate(client, invocation.on('json')))
  return asked(() => (verb === 'show' ? show(client, invocation, id!) : list(client, invocation)))
}
