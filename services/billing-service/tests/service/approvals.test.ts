// Money given away by hand above 100.00 waits for a second person: nothing moves before, exactly what was asked for
// moves once, and nobody agrees with themselves.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jobs } from '../../src/jobs/registry.ts'
import { runNow } from '../../src/jobs/schedule.ts'
import { type Answer, openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'off', environment: { APPROVAL_ABOVE: 'USD:100,JPY:10000' } })
})
afterAll(() => world.close())

const deps = () => world.service.deps
const call = (tenantId: string, sub: string) => (method: string, path: string, body?: unknown) =>
  world.call(method, path, {
    as: world.token({ sub, roles: ['operator'] }),
    headers: { 'x-tenant-id': tenantId },
    ...(body !== undefined && { body }),
  })

/** A payment of so much by card; answers its transaction. */
async function paid(tenantId: string, unitAmount: number) {
  const as = world.admin(tenantId)
  await world.call('POST', '/payment-methods', { as, body: { paymentMethodId: 'pm_card_visa' } })
  const invoice = await issued(tenantId, unitAmount)
  const answer = await world.call('POST', `/invoices/${invoice.id}/pay`, { as, body: {} })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  const list = await world.call('GET', `/transactions?invoiceId=${invoice.id}`, { as })
  return list.body.data[0]
}

async function issued(tenantId: string, unitAmount: number, more: object = {}) {
  const lineItems = [{ description: 'Work', quantity: 1, unitAmount }]
  const answer = await call(tenantId, 'setup')('POST', '/invoices', { lineItems, ...more })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body
}

const refundsOf = async (tenantId: string) =>
  (await world.call('GET', '/transactions?type=refund&limit=100', { as: world.admin(tenantId) }))
    .body.data as { id: string; amount: number; status: string }[]
const audited = async (tenantId: string, action: string) =>
  (await world.call('GET', `/audit-log?action=${action}`, { as: world.admin(tenantId) })).body.data
const refund = (tenantId: string, sub: string, id: string, amount?: number) =>
  call(tenantId, sub)('POST', `/transactions/${id}/refund`, amount === undefined ? {} : { amount })
const approve = (tenantId: string, sub: string, id: string) =>
  call(tenantId, sub)('POST', `/approvals/${id}/approve`, {})

/** As a caller does who is told to come again because the database is busy: the same request once more. */
async function surely(ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await ask()
  return answer.status === 503 ? surely(ask) : answer
}

describe('a refund of 150.00 where one person may give 100.00', () => {
  it('is written down and waits; a second operator’s word sends it once', async () => {
    const payment = await paid('large', 500)
    const asked = await call('large', 'ada')('POST', `/transactions/${payment.id}/refund`, {
      amount: 150,
      reason: 'Outage',
    })
    expect(asked.status).toBe(202)
    expect(asked.body).toMatchObject({
      kind: 'refund',
      status: 'waiting',
      objectId: payment.id,
      amount: 150,
      currency: 'USD',
      reason: 'Outage',
      requestedBy: 'ada',
      decidedBy: null,
      resultId: null,
    })
    expect(await refundsOf('large')).toEqual([])
    expect(await audited('large', 'credit_note.issued')).toEqual([])
    const { id } = asked.body
    const alone = await approve('large', 'ada', id)
    expect([alone.status, alone.body.code]).toEqual([403, 'approval_needs_another'])
    const agreed = await approve('large', 'bob', id)
    expect(agreed.status).toBe(200)
    const [made] = await refundsOf('large')
    expect(made).toMatchObject({ amount: 150, status: 'succeeded' })
    expect(agreed.body).toMatchObject({ status: 'approved', decidedBy: 'bob', resultId: made?.id })
    const again = await approve('large', 'eve', id)
    expect([again.status, again.body.code]).toEqual([409, 'approval_decided'])
    expect(await refundsOf('large')).toHaveLength(1)
  })

  it('leaves a line and an event for each step, and the refund’s own line names the approval', async () => {
    const [requested] = await audited('large', 'approval.requested')
    const [approved] = await audited('large', 'approval.approved')
    expect([requested.actor, approved.actor]).toEqual(['ada', 'bob'])
    expect(requested.changes).toMatchObject({ kind: 'refund', amountMinor: 15_000 })
    const [created] = await audited('large', 'refund.created')
    expect(created).toMatchObject({ actor: 'bob', changes: { approvalId: requested.objectId } })
    const events = await world.call('GET', '/events?type=approval.approved', {
      as: world.admin('large'),
    })
    expect(events.body.data[0]).toMatchObject({ objectId: requested.objectId })
  })

  it('approved 20 times at once by 4 operators leaves once', async () => {
    const payment = await paid('crowd', 900)
    const { body } = await refund('crowd', 'ada', payment.id, 200)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        surely(() => approve('crowd', `operator-${i % 4}`, body.id)),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const others = answers.filter(({ status }) => status !== 200)
    expect(new Set(others.map(each => `${each.status} ${each.body.code}`))).toEqual(
      new Set(['409 approval_decided']),
    )
    const refunds = await refundsOf('crowd')
    expect(refunds.map(({ amount, status }) => [amount, status])).toEqual([[200, 'succeeded']])
    expect(await audited('crowd', 'approval.approved')).toHaveLength(1)
    expect(await audited('crowd', 'approval.refused')).toEqual([])
  })

  it('asked for twice under one Idempotency-Key is asked for once', async () => {
    const payment = await paid('keyed', 500)
    const ask = () =>
      world.call('POST', `/transactions/${payment.id}/refund`, {
        as: world.token({ sub: 'ada', roles: ['operator'] }),
        headers: { 'x-tenant-id': 'keyed', 'idempotency-key': 'refund-7' },
        body: { amount: 300 },
      })
    const first = await ask()
    const second = await ask()
    expect([first.status, second.status]).toEqual([202, 202])
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(second.body).toEqual(first.body)
    // The kept answer may be lost with its process; what was asked for is found again.
    await deps().store.transaction('keyed', async tx => {
      for (const { id } of (await tx.list('idempotentAnswers', { limit: 100 })).rows) {
        await tx.remove('idempotentAnswers', id)
      }
    })
    expect((await ask()).body.id).toBe(first.body.id)
    const { body } = await call('keyed', 'bob')('GET', '/approvals?status=waiting')
    expect(body.data).toHaveLength(1)
  })

  it('that could not be done at all is refused and not asked for', async () => {
    const payment = await paid('never', 500)
    const answer = await refund('never', 'ada', payment.id, 600)
    expect([answer.status, answer.body.code]).toEqual([409, 'refund_exceeds_payment'])
    expect((await call('never', 'bob')('GET', '/approvals')).body.data).toEqual([])
  })
})

describe('the limit', () => {
  it('counts what one person gave a customer in a day: 60.00 and 40.00 pass, 0.01 more waits', async () => {
    const payment = await paid('split', 500)
    const statuses = []
    for (const amount of [60, 40, 0.01]) {
      statuses.push((await refund('split', 'ada', payment.id, amount)).status)
    }
    expect(statuses).toEqual([201, 201, 202])
    expect((await refund('split', 'bob', payment.id, 100)).status).toBe(201)
    const credit = await call('split', 'bob')('POST', '/credit-balance', {
      amount: 1,
      reason: 'Goodwill',
    })
    expect(credit.status).toBe(202)
  })

  it('is not counted against whoever agreed to what others asked for', async () => {
    const payment = await paid('agreed', 900)
    const { body } = await refund('agreed', 'ada', payment.id, 400)
    expect((await approve('agreed', 'bob', body.id)).status).toBe(200)
    expect((await refund('agreed', 'bob', payment.id, 100)).status).toBe(201)
  })

  it('lets 10 of 20 refunds of 10.00 at once through, and asks for the others', async () => {
    const payment = await paid('burst', 500)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        surely(() =>
          world.call('POST', `/transactions/${payment.id}/refund`, {
            as: world.token({ sub: 'ada', roles: ['operator'] }),
            headers: { 'x-tenant-id': 'burst', 'idempotency-key': `part-${i}` },
            body: { amount: 10 },
          }),
        ),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array(10).fill(201),
      ...Array(10).fill(202),
    ])
    const given = (await refundsOf('burst')).reduce((sum, { amount }) => sum + amount, 0)
    expect(given).toBe(100)
  })

  it('of a currency that is not named is 0, and 10000 yen are 10000 yen', async () => {
    const grant = (currency: string, amount: number) =>
      call(`in-${currency}`, 'ada')('POST', '/credit-balance', {
        amount,
        currency,
        reason: 'Goodwill',
      })
    expect((await grant('EUR', 1)).status).toBe(202)
    expect((await grant('JPY', 10_000)).status).toBe(201)
    expect((await grant('JPY', 1)).status).toBe(202)
  })
})

describe('credit, credit notes and write-offs', () => {
  it('wait alike: 250.00 of credit is given when somebody else agrees', async () => {
    const asked = await call('credit', 'ada')('POST', '/credit-balance', {
      amount: 250,
      reason: 'Goodwill',
    })
    expect(asked.body).toMatchObject({ kind: 'credit', amount: 250, status: 'waiting' })
    const balance = async () =>
      (await world.call('GET', '/credit-balance', { as: world.admin('credit') })).body.balances[0]
        .balance
    expect(await balance()).toBe(0)
    expect((await approve('credit', 'bob', asked.body.id)).status).toBe(200)
    expect(await balance()).toBe(250)
    const back = await call('credit', 'ada')('POST', '/credit-balance', {
      amount: -250,
      reason: 'Mistaken',
    })
    expect(back.status).toBe(201)
  })

  it('a credit note of 120.00 lowers nothing before it is agreed to', async () => {
    const invoice = await issued('noted', 300)
    const asked = await call('noted', 'ada')('POST', `/invoices/${invoice.id}/credit-notes`, {
      amount: 120,
    })
    expect(asked.body).toMatchObject({ kind: 'credit_note', amount: 120, objectId: invoice.id })
    const read = async () =>
      (await world.call('GET', `/invoices/${invoice.id}`, { as: world.admin('noted') })).body
    expect((await read()).amountDue).toBe(300)
    const agreed = await approve('noted', 'bob', asked.body.id)
    expect(agreed.body.resultId).toMatch(/^cn_/)
    expect((await read()).amountDue).toBe(180)
  })

  it('a write-off that comes to another amount by now is refused, says so, and waits on', async () => {
    const invoice = await issued('bad-debt', 400)
    const path = `/invoices/${invoice.id}/uncollectible`
    const asked = await call('bad-debt', 'ada')('POST', path, {})
    expect(asked.body).toMatchObject({ kind: 'write_off', amount: 400 })
    await call('bad-debt', 'setup')('POST', `/invoices/${invoice.id}/payments`, {
      amount: 150,
      method: 'bank_transfer',
    })
    const outdated = await approve('bad-debt', 'bob', asked.body.id)
    expect([outdated.status, outdated.body.code]).toEqual([409, 'approval_outdated'])
    const { body } = await call('bad-debt', 'bob')('GET', `/approvals/${asked.body.id}`)
    expect(body).toMatchObject({ status: 'waiting', refusal: 'approval_outdated' })
    expect(await audited('bad-debt', 'approval.refused')).toHaveLength(1)
    const declined = await call('bad-debt', 'bob')('POST', `/approvals/${asked.body.id}/decline`, {
      reason: 'Half of it was paid',
    })
    expect(declined.body).toMatchObject({
      status: 'declined',
      decidedBy: 'bob',
      decisionReason: 'Half of it was paid',
    })
    expect((await approve('bad-debt', 'eve', asked.body.id)).body.code).toBe('approval_decided')
  })

  it('a refund whose payment was given back meanwhile is refused as the refund itself would be', async () => {
    const payment = await paid('meanwhile', 200)
    const first = await refund('meanwhile', 'ada', payment.id, 150)
    const second = await refund('meanwhile', 'ada', payment.id, 150)
    expect((await approve('meanwhile', 'bob', first.body.id)).status).toBe(200)
    const late = await approve('meanwhile', 'bob', second.body.id)
    expect([late.status, late.body.code]).toEqual([409, 'refund_exceeds_payment'])
    const { body } = await call('meanwhile', 'bob')('GET', `/approvals/${second.body.id}`)
    expect(body).toMatchObject({ status: 'waiting', refusal: 'refund_exceeds_payment' })
    const own = await call('meanwhile', 'ada')('POST', `/approvals/${second.body.id}/decline`, {})
    expect(own.body.status).toBe('declined')
  })
})

describe('what waits', () => {
  it('is void after 7 days: neither agreed to nor declined, and the job writes it down', async () => {
    const { body } = await call('late', 'ada')('POST', '/credit-balance', {
      amount: 500,
      reason: 'Goodwill',
    })
    const days = (Date.parse(body.expiresAt) - Date.parse(body.createdAt)) / 86_400_000
    expect(days).toBe(7)
    await deps().store.transaction('late', async tx => {
      const row = await tx.lock('approvals', body.id)
      await tx.replace('approvals', { ...row, expiresAt: deps().clock.real() - 1 })
    })
    for (const verb of ['approve', 'decline']) {
      const answer = await call('late', 'bob')('POST', `/approvals/${body.id}/${verb}`, {})
      expect([answer.status, answer.body.code]).toEqual([409, 'approval_expired'])
    }
    const seen = await call('late', 'bob')('GET', `/approvals/${body.id}`)
    expect(seen.body.status).toBe('expired')
    await runNow(deps(), jobs.find(({ name }) => name === 'expire-approvals')!)
    expect(await audited('late', 'approval.expired')).toHaveLength(1)
    const expired = await call('late', 'bob')('GET', '/approvals?status=expired')
    expect(expired.body.data.map(({ id }: { id: string }) => id)).toEqual([body.id])
  })

  it('is the issuer’s to see and decide, of all tenants or of one, never of another', async () => {
    const all = await world.call('GET', '/issuer/approvals?limit=100', { as: world.operator() })
    const tenants = new Set(all.body.data.map((row: { tenantId: string }) => row.tenantId))
    expect(tenants.has('large') && tenants.has('late')).toBe(true)
    const one = await world.call('GET', '/issuer/approvals?tenantId=late', { as: world.operator() })
    expect(one.body.data).toHaveLength(1)
    const { id } = one.body.data[0]
    const foreign = await call('large', 'bob')('POST', `/approvals/${id}/approve`, {})
    expect([foreign.status, foreign.body.code]).toEqual([404, 'not_found'])
    for (const path of ['/approvals', '/issuer/approvals', `/approvals/${id}`]) {
      const answer = await world.call('GET', path, { as: world.admin('late') })
      expect([answer.status, answer.body.code]).toEqual([403, 'operator_only'])
    }
  })

  it('cannot be marked approved by whoever asked, not even in the database', async () => {
    const { body } = await call('stubborn', 'ada')('POST', '/credit-balance', {
      amount: 500,
      reason: 'Goodwill',
    })
    const forced = deps().store.transaction('stubborn', async tx => {
      const row = await tx.lock('approvals', body.id)
      await tx.replace('approvals', { ...row, state: 'approved', decidedBy: 'ada' })
    })
    await expect(forced).rejects.toThrow()
  })
})
