// What stands before the fuzzing begins: tenants with subscriptions, cards, invoices and payments, and the tokens of
// everybody who calls.
import { createSigner } from 'fast-jwt'
import type { World } from '../world.ts'
import type { Pool } from './pool.ts'
import type { CallerName } from './request-arbitrary.ts'

/** The last one lives by a clock of its own. */
export const tenants = ['fuzz-north', 'fuzz-south', 'fuzz-clock'] as const

/** The headers that make a request this caller's; `tenantId` is the tenant it is about. */
export function headersOf(world: World, caller: CallerName, tenantId: string) {
  const bearer = (token: string, more: Record<string, string> = {}): Record<string, string> => ({
    authorization: `Bearer ${token}`,
    ...more,
  })
  const named = { 'x-tenant-id': tenantId }
  switch (caller) {
    case 'nobody':
      return {}
    case 'forged': {
      const sign = createSigner({ key: 'a secret that only the forger knows', expiresIn: 60_000 })
      return bearer(sign({ sub: 'forger', tenantId, roles: ['operator'] }))
    }
    case 'member':
      return bearer(world.member(tenantId))
    case 'admin':
      return bearer(world.admin(tenantId))
    case 'stranger':
      return bearer(world.admin('fuzz-stranger'))
    case 'service':
      return bearer(world.token({ tenantId, roles: ['service'] }))
    case 'platform':
      return bearer(world.platform())
    case 'platform for a tenant':
      return bearer(world.platform(), named)
    case 'operator':
      return bearer(world.operator())
    case 'operator for a tenant':
      return bearer(world.operator(), named)
  }
}

async function furnish(world: World, pool: Pool, tenantId: string): Promise<void> {
  const ask = async (noun: string, method: string, path: string, body?: unknown) => {
    const headers = { 'x-tenant-id': tenantId }
    const call = { as: world.operator(), headers, ...(body === undefined ? {} : { body }) }
    const answer = await world.call(method, path, call)
    if (answer.status >= 400) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
    pool.learn(noun, answer.body)
    return answer.body
  }
  if (tenantId === 'fuzz-clock')
    await ask('test-clock', 'POST', '/test-clock', { to: '2026-01-31T10:00:00Z' })
  await ask('payment-methods', 'POST', '/payment-methods', { paymentMethodId: 'pm_card_visa' })
  const paid = { plan: 'professional', trialDays: 0 }
  const { id } = await ask('subscriptions', 'POST', '/subscriptions', paid)
  await ask('usage', 'POST', `/subscriptions/${id}/usage`, { metric: 'messages', quantity: 7 })
  const lines = { lineItems: [{ description: 'Work', quantity: 2, unitAmount: 50 }] }
  await ask('invoices', 'POST', '/invoices', lines)
  await ask('invoices', 'POST', '/invoices', { ...lines, autoFinalize: false })
  for (const noun of ['invoices', 'transactions', 'customers']) await ask(noun, 'GET', `/${noun}`)
}

/** Opens the tenants and teaches the pool what they have. */
export async function furnishAll(world: World, pool: Pool): Promise<void> {
  for (const code of ['free', 'starter', 'professional', 'enterprise']) pool.add('plan', code)
  for (const metric of ['messages', 'seats']) pool.add('metric', metric)
  for (const token of ['pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_mastercard']) {
    pool.add('paymentMethodId', token)
  }
  for (const tenantId of tenants) await furnish(world, pool, tenantId)
  const coupon = { code: 'FUZZ10', percentOff: 10, duration: 'forever' }
  const made = await world.call('POST', '/coupons', { as: world.operator(), body: coupon })
  pool.learn('coupons', made.body)
  pool.add('coupon', 'FUZZ10')
}
