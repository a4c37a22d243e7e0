// Bringing an existing Stripe account in: customers become payers, their methods ours, their subscriptions and
// invoices copies. It only reads at Stripe, may be run again at any time, and goes on where it was stopped.
import { systemCaller } from '../../core/caller.ts'
import type { TenantId } from '../../core/ids.ts'
import type { PaymentMethod } from '../../core/payment-method.ts'
import type { Deps } from '../../deps.ts'
import type { MethodFacts } from '../../ports/processor.ts'
import type { ProcessorCustomer } from '../../ports/processor-billing.ts'
import { readMark, removeMark, writeMark } from '../marks.ts'
import { becomeDefault } from '../payment-methods/add-method.ts'
import { record } from '../record.ts'
import { settleNow } from '../webhooks/settle-now.ts'
import { billingOf } from './forwarded.ts'
import { mirrorInvoiceNamed } from './mirror-invoice.ts'
import { isLeft, mirrorSubscription } from './mirror-subscription.ts'
import { knownPayer, linkPayer, namesTenant, type Payer } from './payer.ts'

export interface ImportCounts {
  readonly customers: number
  readonly methods: number
  readonly subscriptions: number
  readonly invoices: number
  readonly refunds: number
}

export interface Imported extends ImportCounts {
  /** What was not taken, each with its reason. */
  readonly left: readonly string[]
}

export interface ImportOptions {
  /** Metadata of a customer that names its tenant; null: each customer is a tenant of its own id. */
  readonly tenantKey: string | null
  /** Begins anew instead of going on. */
  readonly restart: boolean
  readonly onProgress: (imported: Imported) => void
}

const markId = 'import-stripe'

const nothing: Imported = {
  customers: 0,
  methods: 0,
  subscriptions: 0,
  invoices: 0,
  refunds: 0,
  left: [],
}

const plus = (a: Imported, b: Imported): Imported => ({
  customers: a.customers + b.customers,
  methods: a.methods + b.methods,
  subscriptions: a.subscriptions + b.subscriptions,
  invoices: a.invoices + b.invoices,
  refunds: a.refunds + b.refunds,
  left: [...a.left, ...b.left],
})

/** Imports every customer, newest first as Stripe lists them. The mark names the last one that is done. */
export async function importAccount(deps: Deps, options: ImportOptions): Promise<Imported> {
  const { listCustomers } = billingOf(deps)
  let after: string | null = options.restart ? null : await readMark(deps, markId)
  let imported = nothing
  for (;;) {
    const page = await listCustomers(after)
    for (const customer of page.rows) {
      imported = plus(imported, await importCustomer(deps, customer, options.tenantKey))
      await writeMark(deps, markId, customer.processorId)
      options.onProgress(imported)
    }
    after = page.after
    if (after === null) break
  }
  await removeMark(deps, markId)
  return imported
}

/** Everything of one customer. A second run adds what is new. */
export async function importCustomer(
  deps: Deps,
  customer: ProcessorCustomer,
  tenantKey: string | null,
): Promise<Imported> {
  const { processorId } = customer
  const tenantId = tenantKey === null ? processorId : customer.metadata[tenantKey]
  const known = await knownPayer(deps, processorId)
  if (known === null && (tenantId === undefined || !namesTenant(tenantId))) {
    return { ...nothing, left: [`${processorId}: its metadata names no tenant in ${tenantKey}`] }
  }
  const payer = known ?? (await linkPayer(deps, tenantId as TenantId, customer))
  const methods = await importMethods(deps, payer, customer)
  const subscriptions = await importSubscriptions(deps, processorId)
  const invoices = await importInvoices(deps, processorId)
  const refunds = await importRefunds(deps, payer)
  return {
    customers: 1,
    methods,
    subscriptions: subscriptions.count,
    invoices: invoices.count,
    refunds,
    left: [...subscriptions.left, ...invoices.left],
  }
}

async function importMethods(
  deps: Deps,
  { tenantId, customerId }: Payer,
  { processorId, defaultMethodId }: ProcessorCustomer,
): Promise<number> {
  const facts = await billingOf(deps).listMethods(processorId)
  const caller = systemCaller(tenantId, 'import', processorId)
  const at = deps.clock.real()
  return deps.store.transaction(tenantId, async tx => {
    const owner = await tx.lock('customers', customerId)
    let added = 0
    for (const each of facts) {
      const where = { processorId: each.processorId }
      if ((await tx.list('paymentMethods', { where, limit: 1 })).rows.length > 0) continue
      const method = methodOf(deps, owner, each, at)
      await tx.insert('paymentMethods', method)
      const data = { type: method.type, status: method.status }
      await record(deps, tx, caller, at, [
        { type: 'payment_method.added', objectId: method.id, data },
      ])
      if (each.processorId === defaultMethodId && method.status === 'active') {
        await becomeDefault(tx, await tx.get('customers', customerId), method, at)
      }
      added += 1
    }
    return added
  })
}

const methodOf = (
  deps: Deps,
  owner: { readonly tenantId: TenantId; readonly id: PaymentMethod['customerId'] },
  { verified, ...facts }: MethodFacts,
  at: number,
): PaymentMethod => ({
  ...facts,
  tenantId: owner.tenantId,
  id: deps.ids.next('paymentMethod'),
  customerId: owner.id,
  status: verified ? 'active' : 'pending_verification',
  setupId: null,
  verification: null,
  detachedAt: null,
  createdAt: at,
  updatedAt: at,
  version: 1,
})

interface Taken {
  readonly count: number
  readonly left: readonly string[]
}

async function importSubscriptions(deps: Deps, processorCustomerId: string): Promise<Taken> {
  const found = await billingOf(deps).listSubscriptions(processorCustomerId)
  const left: string[] = []
  for (const facts of found) {
    const copied = await mirrorSubscription(deps, facts)
    if (isLeft(copied)) left.push(`${facts.processorId}: ${copied.left}`)
  }
  return { count: found.length - left.length, left }
}

async function importInvoices(deps: Deps, processorCustomerId: string): Promise<Taken> {
  const found = await billingOf(deps).listInvoices(processorCustomerId)
  const left: string[] = []
  for (const id of found) {
    const copied = await mirrorInvoiceNamed(deps, id)
    if (copied === null) left.push(`${id}: Stripe does not know it any more`)
    else if (isLeft(copied)) left.push(`${id}: ${copied.left}`)
  }
  return { count: found.length - left.length, left }
}

/** Refunds of the payments that came in, as others made them at Stripe. */
async function importRefunds(deps: Deps, { tenantId, customerId }: Payer): Promise<number> {
  let refunds = 0
  const payments = deps.store.of(tenantId).stream('transactions', {
    where: { customerId, type: 'payment', status: 'succeeded' },
    order: { field: 'createdAt', direction: 'asc' },
  })
  for await (const { processorId } of payments) {
    if (processorId === null) continue
    for await (const { id } of deps.processor.walk('refund', { processorPaymentId: processorId })) {
      if ((await settleNow(deps, 'refund', id))?.state === 'applied') refunds += 1
    }
  }
  return refunds
}
