// Reports of the issuer over all tenants' payments.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { PaymentHealth } from '../schemas/payment-health.ts'
import { recordedQuery, strict } from './list-query.ts'

export const paymentHealthRoutes = {
  getPaymentHealth: route({
    method: 'GET',
    path: '/reports/payment-health',
    tag: 'Reports',
    summary: 'Success and failure of all tenants’ payments, by day, method, brand and reason',
    description: 'The last 7 days, or a span of at most 366 days of real time.',
    permission: 'issuer.read',
    tenant: false,
    query: Type.Object({ from: recordedQuery.from, to: recordedQuery.to }, strict),
    status: 200,
    reply: PaymentHealth,
    refusals: ['invalid_timestamp'],
  }),
} as const
