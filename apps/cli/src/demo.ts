// The people of the demo and their tokens. They exist only beside a sandbox and need no password.
import { randomBytes } from 'node:crypto'
import type { DemoIssuer, DemoUser } from '@quittance/api-gateway/demo'
import type { Role } from '@quittance/billing-contract/permissions'
import { type SigningSettings, signToken } from './tokens.ts'

interface DemoPerson extends DemoUser {
  readonly roles: readonly Role[]
}

/** Tenants of the demo, by what they show. */
export const demoTenants = { english: 'demo', chinese: 'demo-zh' } as const

/** Gets a tenant of its own with every sign-in: an empty account to try things on. */
export const newcomerId = 'newcomer'

export const demoPeople: readonly DemoPerson[] = [
  {
    id: 'admin',
    name: 'Tenant admin',
    tenantId: demoTenants.english,
    roles: ['admin'],
    description: 'Harbour Analytics: subscribes, pays, reads invoices',
  },
  {
    id: 'member',
    name: 'Tenant member',
    tenantId: demoTenants.english,
    roles: ['member'],
    description: 'Harbour Analytics: reads plan and usage',
  },
  {
    id: 'admin-zh',
    name: '租户管理员',
    tenantId: demoTenants.chinese,
    roles: ['admin'],
    description: '晴川数据：开通订阅、支付、查看账单',
  },
  {
    id: newcomerId,
    name: 'New tenant',
    tenantId: null,
    roles: ['admin'],
    description: 'An empty account of your own, new with each sign-in',
  },
  {
    id: 'operator',
    name: 'Operator',
    tenantId: null,
    roles: ['operator'],
    description: 'The issuer’s staff: all tenants, refunds, invoices by hand',
  },
  {
    id: 'service',
    name: 'Platform back end',
    tenantId: null,
    roles: ['service'],
    description: 'Records usage for any tenant',
  },
]

const demoTokenHours = 12

/** Signs the people of the demo in. A newcomer's tenant stands in the token. */
export function makeDemoIssuer(settings: SigningSettings, now: () => number): DemoIssuer {
  return {
    users: demoPeople,
    issue(userId) {
      const person = demoPeople.find(each => each.id === userId)
      if (person === undefined) throw new RangeError(`There is no demo user ${userId}.`)
      const { id, roles } = person
      const tenantId =
        id === newcomerId ? `demo-${randomBytes(5).toString('hex')}` : person.tenantId
      return signToken({ subject: id, tenantId, roles, hours: demoTokenHours }, settings, now())
    },
  }
}
