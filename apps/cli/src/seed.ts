// Gives the demo tenants a history, through the API that everybody uses. Safe to repeat: a tenant that has
// its history is left alone, and every write has a fixed key, so that a seeding cut short goes on.
import type { BillingClient, CallOptions } from '@quittance/billing-client/client'
import { demoTenants } from './demo.ts'

/** A client for a demo person, acting for the tenant where the person belongs to none. */
export type ClientFor = (
  person: 'admin' | 'operator' | 'service',
  tenantId: string,
) => BillingClient

interface Company {
  readonly tenantId: string
  readonly name: string
  readonly email: string
  readonly language: 'en' | 'zh-CN'
  readonly zone: string
  readonly address: {
    readonly line1: string
    readonly city: string
    readonly postalCode: string
    readonly country: string
  }
}

/** Companies that exist nowhere, at addresses that exist. */
const harbour: Company = {
  tenantId: demoTenants.english,
  name: 'Harbour Analytics Ltd',
  email: 'accounts@harbour.example',
  language: 'en',
  zone: 'Europe/London',
  address: { line1: '12 Quay Street', city: 'Bristol', postalCode: 'BS1 4DJ', country: 'GB' },
}

const qingchuan: Company = {
  tenantId: demoTenants.chinese,
  name: '晴川数据科技有限公司',
  email: 'caiwu@qingchuan.example',
  language: 'zh-CN',
  zone: 'Asia/Shanghai',
  address: { line1: '滨江大道 88 号', city: '武汉', postalCode: '430010', country: 'CN' },
}

const doneMark = 'demoHistory'

/** Bumped when the history changes: keys of an older one would be taken for conflicts. */
const historyVersion = '1'

/** Gives each write of a tenant's history its own key, the same in every run. */
function keysFor(tenantId: string): () => CallOptions {
  let count = 0
  return () => {
    count += 1
    return { idempotencyKey: `demo-${historyVersion}-${tenantId}-${count}` }
  }
}

interface Actors {
  readonly admin: BillingClient
  readonly operator: BillingClient
  readonly service: BillingClient
  readonly nextKey: () => CallOptions
}

async function describeCompany({ admin, nextKey }: Actors, company: Company): Promise<string> {
  const { data } = await admin.listCustomers({ limit: 1 })
  const id = data[0]?.id ?? ''
  const { name, email, language, zone, address } = company
  const details = { name, email, invoiceEmails: [email], language, zone, address }
  await admin.updateCustomer(id, details, nextKey())
  await admin.updateSettings({ language, zone }, nextKey())
  return id
}

async function lifeOfHarbour(actors: Actors): Promise<string> {
  const { admin, operator, service, nextKey } = actors
  const starter = await admin.createSubscription(
    { plan: 'starter', billingCycle: 'monthly', paymentMethodId: 'pm_card_visa', trialDays: 0 },
    nextKey(),
  )
  const customerId = await describeCompany(actors, harbour)
  await admin.addPaymentMethod({ paymentMethodId: 'pm_card_mastercard' }, nextKey())
  for (const quantity of [180, 260, 95]) {
    await service.recordUsage(starter.id, { metric: 'messages', quantity }, nextKey())
  }
  await admin.updateSubscription(starter.id, { plan: 'professional' }, nextKey())
  const setup = await operator.createInvoice(
    {
      lineItems: [
        { description: 'Onboarding workshop', quantity: 2, unitAmount: 240 },
        { description: 'Data import', quantity: 1, unitAmount: '320.50' },
      ],
    },
    nextKey(),
  )
  await admin.payInvoice(setup.id, {}, nextKey())
  const { data } = await admin.listTransactions({ invoiceId: setup.id, type: 'payment' })
  const refund = { amount: 120, reason: 'Half a workshop day was cancelled' }
  await operator.createRefund(data[0]?.id ?? '', refund, nextKey())
  const review = { description: 'Quarterly review', quantity: 1, unitAmount: 450 }
  await operator.createInvoice({ lineItems: [review] }, nextKey())
  return customerId
}

async function lifeOfQingchuan(actors: Actors): Promise<string> {
  const { admin, operator, service, nextKey } = actors
  const made = await admin.createSubscription(
    { plan: 'professional', billingCycle: 'yearly', paymentMethodId: 'pm_card_unionpay' },
    nextKey(),
  )
  const customerId = await describeCompany(actors, qingchuan)
  await service.recordUsage(made.id, { metric: 'messages', quantity: 3200 }, nextKey())
  const training = { description: '上线培训', quantity: 1, unitAmount: 680 }
  const invoice = await operator.createInvoice({ lineItems: [training] }, nextKey())
  await admin.payInvoice(invoice.id, {}, nextKey())
  return customerId
}

async function isDone(admin: BillingClient): Promise<boolean> {
  const { data } = await admin.listCustomers({ limit: 1 })
  return data[0]?.metadata[doneMark] !== undefined
}

async function seedOne(
  clientFor: ClientFor,
  tenantId: string,
  live: (actors: Actors) => Promise<string>,
): Promise<boolean> {
  const admin = clientFor('admin', tenantId)
  if (await isDone(admin)) return false
  const operator = clientFor('operator', tenantId)
  const service = clientFor('service', tenantId)
  const nextKey = keysFor(tenantId)
  const customerId = await live({ admin, operator, service, nextKey })
  await admin.updateCustomer(customerId, { metadata: { [doneMark]: historyVersion } }, nextKey())
  return true
}

/** Seeds the demo tenants; answers how many got a history now. Throws `BillingError`. */
export async function seedDemo(clientFor: ClientFor): Promise<number> {
  const seeded = await Promise.all([
    seedOne(clientFor, harbour.tenantId, lifeOfHarbour),
    seedOne(clientFor, qingchuan.tenantId, lifeOfQingchuan),
  ])
  return seeded.filter(Boolean).length
}
