// The work of a run: invoices paid by card and bank debit, first payments of subscriptions, refunds. What a
// caller did not hear it asks again, as real ones do.
import type { Caller, Heard } from './caller.ts'
import type { Chance } from './chance.ts'
import type { Tenant } from './tenants.ts'

/** What callers were told and will hold us to. */
export interface Told {
  /** Invoices that an answer called paid. */
  readonly paid: Set<string>
  /** Refunds that an answer called written down, by their transaction. */
  readonly refunded: Set<string>
  asked: number
  declined: number
  unheard: number
  refundsAsked: number
}

interface Refund {
  readonly tenantId: string
  readonly transactionId: string
  readonly key: string
  readonly amount: number | null
}

export interface Work {
  readonly told: Told
  /** Payments that are through, one way or another. */
  readonly done: () => number
  /** Does them all with this many callers at once. */
  run(payments: number, concurrency: number): Promise<void>
  /** Repeats the refunds that nobody answered, each under its own key. */
  repeatUnheard(): Promise<void>
  /** Pays what is still open after all (`invoiceId`s by tenant). */
  payAgain(
    open: readonly { readonly tenantId: string; readonly invoiceId: string }[],
  ): Promise<void>
}

const inDollars = (cents: number): number => Number((cents / 100).toFixed(2))

/** Makes the work of a seed. */
export function makeWork(caller: Caller, tenants: readonly Tenant[], chance: Chance): Work {
  const told: Told = {
    paid: new Set(),
    refunded: new Set(),
    asked: 0,
    declined: 0,
    unheard: 0,
    refundsAsked: 0,
  }
  const unheardRefunds: Refund[] = []
  let begun = 0
  let done = 0

  const hear = (heard: Heard, invoiceId: string) => {
    if (heard.status === 402) told.declined += 1
    if (heard.status === 200 && heard.body.status === 'paid') told.paid.add(invoiceId)
    return heard
  }

  /** Asks once; what was not heard is asked again under no key: only the invoice itself protects it. */
  const pay = async (tenantId: string, invoiceId: string, paymentMethodId?: string) => {
    const path = `/invoices/${invoiceId}/pay`
    const request = { as: 'admin', tenantId, body: { paymentMethodId } } as const
    told.asked += 1
    const heard = await caller.once('POST', path, request)
    if (heard !== null && heard.status < 500) return hear(heard, invoiceId)
    told.unheard += 1
    return hear(await caller.until('POST', path, request), invoiceId)
  }

  const refund = async (wanted: Refund) => {
    const { tenantId, transactionId, key, amount } = wanted
    const body = amount === null ? {} : { amount }
    const heard = await caller.once('POST', `/transactions/${transactionId}/refund`, {
      as: 'operator',
      tenantId,
      key,
      body,
    })
    if (heard === null || heard.status >= 500) unheardRefunds.push(wanted)
    else if (heard.status === 201) told.refunded.add(heard.body.id)
  }

  /** A part, the rest, or twice at once. */
  const maybeRefund = async (tenantId: string, transactionId: string, cents: number) => {
    if (!chance.hits(0.4)) return
    const amounts: (number | null)[] = chance.hits(0.4)
      ? [null]
      : [inDollars(chance.whole(1, cents))]
    if (chance.hits(0.2)) amounts.push(inDollars(chance.whole(1, cents)))
    told.refundsAsked += amounts.length
    await Promise.all(
      amounts.map((amount, index) => {
        const key = `refund-${transactionId}-${index}`
        return refund({ tenantId, transactionId, key, amount })
      }),
    )
  }

  const payInvoice = async (tenant: Tenant) => {
    const cents = chance.whole(50, 50_000)
    const method = chance.hits(0.18) ? tenant.bank : chance.hits(0.2) ? tenant.special : tenant.card
    const body = {
      lineItems: [{ description: 'Work', quantity: 1, unitAmount: inDollars(cents) }],
    }
    const asked = { as: 'operator', tenantId: tenant.id, body } as const
    const { body: invoice } = await caller.until('POST', '/invoices', asked)
    const { status, body: paid } = await pay(tenant.id, invoice.id, method)
    const transactionId = paid?.payment?.transactionId
    if (status === 200 && paid.status === 'paid' && transactionId) {
      await maybeRefund(tenant.id, transactionId, cents)
    }
  }

  /** A tenant that subscribes for the first time; its first payment is due at once. */
  const subscribe = async (tenantId: string) => {
    told.asked += 1
    const request = {
      as: 'admin',
      tenantId,
      body: { plan: 'starter', trialDays: 0, paymentMethodId: 'pm_card_visa' },
    } as const
    const heard = await caller.once('POST', '/subscriptions', request)
    if (heard !== null && heard.status < 500) return
    told.unheard += 1
    await caller.until('POST', '/subscriptions', request)
  }

  const one = async (index: number) => {
    const tenant = tenants[chance.whole(0, tenants.length - 1)]!
    if (chance.hits(0.08)) await subscribe(`faults-new-${index}`)
    else await payInvoice(tenant)
    done += 1
  }

  return {
    told,
    done: () => done,
    async run(payments, concurrency) {
      const caller = async () => {
        while (begun < payments) {
          begun += 1
          await one(begun)
        }
      }
      await Promise.all(Array.from({ length: concurrency }, caller))
    },
    async repeatUnheard() {
      for (const { tenantId, transactionId, key, amount } of unheardRefunds.splice(0)) {
        const body = amount === null ? {} : { amount }
        const path = `/transactions/${transactionId}/refund`
        const heard = await caller.until('POST', path, { as: 'operator', tenantId, key, body })
        if (heard.status === 201) told.refunded.add(heard.body.id)
      }
    },
    async payAgain(open) {
      for (const { tenantId, invoiceId } of open) {
        const tenant = tenants.find(({ id }) => id === tenantId)
        await pay(tenantId, invoiceId, tenant?.card)
      }
    },
  }
}
