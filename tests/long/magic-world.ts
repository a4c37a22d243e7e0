// What the stories of test cards and bank accounts do again and again: add, pay, ask, and look at the books.
import { expect } from 'vitest'
import { reconcileAttempt } from '../../services/billing-service/src/actions/payments/reconcile-attempt.ts'
import { applyInbox } from '../../services/billing-service/src/actions/webhooks/apply-inbox.ts'
import { backfillEvents } from '../../services/billing-service/src/actions/webhooks/backfill-events.ts'
import type { Answer, World } from '../../services/billing-service/src/test/world.ts'

const order = { field: 'createdAt', direction: 'asc' } as const

export type Acts = ReturnType<typeof actsIn>

/** The acts of a world; `prefix` keeps the tenants of files apart. */
export function actsIn(world: World, prefix: string) {
  let tenants = 0
  const { store } = world.service.deps

  const operate = (tenantId: string, method: string, path: string, body?: unknown) =>
    world.call(method, path, {
      as: world.operator(),
      headers: { 'x-tenant-id': tenantId },
      ...(body === undefined ? {} : { body }),
    })

  /** A raw number becomes a method as the browser's form makes it. */
  async function typedIn(fields: Record<string, string>): Promise<string> {
    const response = await fetch(`${world.sandbox.url}/v1/payment_methods`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.sandbox.publishableKey}` },
      body: new URLSearchParams(fields),
    })
    return ((await response.json()) as { id: string }).id
  }

  const add = (tenantId: string, paymentMethodId: string) =>
    world.call('POST', '/payment-methods', { as: world.admin(tenantId), body: { paymentMethodId } })

  const accountNumbered = (number: string) =>
    typedIn({
      type: 'us_bank_account',
      'us_bank_account[account_number]': number,
      'us_bank_account[routing_number]': '110000000',
      'us_bank_account[account_holder_type]': 'company',
      'billing_details[name]': 'Acme GmbH',
    })

  const tries = async (tenantId: string, id: string) =>
    (await operate(tenantId, 'GET', `/transactions?invoiceId=${id}`)).body.data

  async function accounts(tenantId: string): Promise<Record<string, number>> {
    const groups = await store
      .of(tenantId)
      .sum('ledgerEntries', { sum: ['amountMinor'], groupBy: ['account'] })
    const sums = groups.map(({ group, sums: s }) => [group.account, Number(s.amountMinor)] as const)
    expect(sums.reduce((total, [, sum]) => total + sum, 0)).toBe(0)
    return Object.fromEntries(sums.filter(([, sum]) => sum !== 0))
  }

  return {
    operate,
    add,
    accountNumbered,
    tries,
    accounts,
    newTenant() {
      tenants += 1
      return `${prefix}-${tenants}`
    },
    cardNumbered: (number: string) =>
      typedIn({
        type: 'card',
        'card[number]': number,
        'card[exp_month]': '12',
        'card[exp_year]': '2040',
        'card[cvc]': '123',
      }),
    async invoiceOf(tenantId: string, unitAmount = 49): Promise<string> {
      const { body } = await operate(tenantId, 'POST', '/invoices', {
        lineItems: [{ description: 'Onboarding', quantity: 1, unitAmount }],
      })
      return body.id
    },
    async invoice(tenantId: string, id: string) {
      return (await operate(tenantId, 'GET', `/invoices/${id}`)).body
    },
    pay: (tenantId: string, id: string): Promise<Answer> =>
      world.call('POST', `/invoices/${id}/pay`, { as: world.admin(tenantId), body: {} }),
    /** Adds a bank account by its number and answers the two small deposits. */
    async addVerified(tenantId: string, number: string): Promise<void> {
      const added = await add(tenantId, await accountNumbered(number))
      expect(added.body.status).toBe('pending_verification')
      const verified = await world.call('POST', `/payment-methods/${added.body.id}/verify`, {
        as: world.admin(tenantId),
        body: { amounts: [32, 45] },
      })
      expect(verified.body.status).toBe('active')
    },
    /** Answers the bank's question on its page, as the payer in the browser. */
    answerChallenge: (nextActionUrl: string, outcome: 'complete' | 'fail') =>
      fetch(nextActionUrl, {
        method: 'POST',
        body: new URLSearchParams({ outcome }),
        redirect: 'manual',
      }),
    /** Asks about everything of an invoice, as reconciliation does. */
    async settled(tenantId: string, id: string): Promise<void> {
      for (const { id: transactionId } of await tries(tenantId, id)) {
        const row = await store.of(tenantId).get('transactions', transactionId)
        await reconcileAttempt(world.service.deps, row)
      }
    },
    /** Finds what happened at the processor and applies it until nothing is left. */
    async catchUp(): Promise<void> {
      await backfillEvents(world.service.deps)
      let failed = 0
      for (;;) {
        const counts = await applyInbox(world.service.deps)
        failed += counts.failed
        if (counts.taken === 0) break
      }
      expect(failed).toBe(0)
    },
    /** Steers the sandbox: what its banks and their customers decide. */
    async steer(path: string, body: object = {}): Promise<Response> {
      return fetch(`${world.sandbox.url}/sandbox/${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${world.sandbox.secretKey}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      })
    },
    async events(tenantId: string, prefix_: string): Promise<string[]> {
      const { rows } = await store.of(tenantId).list('events', { order: byTime, limit: 500 })
      return rows.map(({ type }) => type).filter(type => type.startsWith(prefix_))
    },
    async payments(tenantId: string) {
      const where = { type: 'payment' } as const
      return (await store.of(tenantId).list('transactions', { where, order, limit: 100 })).rows
    },
  }
}

const byTime = { field: 'recordedAt', direction: 'asc' } as const
