// What the issuer's staff sees over all tenants, on the wire.
import type { IssuerTenantWire } from '@quittance/billing-contract/schemas/issuer'
import type { TenantSeen } from '../../actions/issuer/issuer-lists.ts'
import { toIso } from '../../core/time.ts'
import { amount, time } from './money.ts'

export const tenantToWire = ({
  tenant,
  settings,
  customer,
  subscriptions,
  due,
}: TenantSeen): IssuerTenantWire => ({
  tenantId: tenant.tenantId,
  name: customer?.name ?? null,
  email: customer?.email ?? null,
  country: customer?.address?.country ?? null,
  kind: tenant.kind,
  clockAt: time(tenant.clockAt),
  currency: settings.currency,
  subscriptions: subscriptions.map(({ id, planCode, status, currentPeriodEnd }) => ({
    id,
    plan: planCode,
    status,
    currentPeriodEnd: toIso(currentPeriodEnd),
  })),
  amountDue: due.map(({ currency, amountMinor }) => ({
    currency,
    amount: amount(amountMinor, currency),
  })),
  createdAt: toIso(tenant.createdAt),
})
