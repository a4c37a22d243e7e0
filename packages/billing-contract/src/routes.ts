// Every operation of the HTTP API, in one list. Nouns with many operations stand in files of their own.

import { apiKeyRoutes } from './routes/api-keys.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { brandingRoutes } from './routes/branding.ts'
import { closingRoutes } from './routes/closings.ts'
import { couponRoutes } from './routes/coupons.ts'
import { creditRoutes } from './routes/credits.ts'
import { customerRoutes } from './routes/customers.ts'
import { dunningReportRoutes } from './routes/dunning-report.ts'
import { entitlementRoutes } from './routes/entitlements.ts'
import { exportRoutes } from './routes/exports.ts'
import { fapiaoRoutes } from './routes/fapiao.ts'
import { fileExportRoutes } from './routes/file-exports.ts'
import { historyRoutes } from './routes/history.ts'
import { invoiceRoutes } from './routes/invoices.ts'
import { issuerRoutes } from './routes/issuer.ts'
import { jobRoutes } from './routes/jobs.ts'
import { mailRoutes } from './routes/mail.ts'
import { payLinkRoutes } from './routes/pay-links.ts'
import { paymentHealthRoutes } from './routes/payment-health.ts'
import { paymentMethodRoutes } from './routes/payment-methods.ts'
import { planRoutes } from './routes/plans.ts'
import { privacyRoutes } from './routes/privacy.ts'
import { reconciliationRoutes } from './routes/reconciliation.ts'
import { reportRoutes } from './routes/reports.ts'
import { sealRoutes } from './routes/seals.ts'
import { settlementRoutes } from './routes/settlement.ts'
import { subscriptionRoutes } from './routes/subscriptions.ts'
import { taxRoutes } from './routes/tax.ts'
import { testClockRoutes } from './routes/test-clock.ts'
import { transactionRoutes } from './routes/transactions.ts'
import { usageRoutes } from './routes/usage.ts'
import { webhookEndpointRoutes } from './routes/webhook-endpoints.ts'
import { webhookRoutes } from './routes/webhooks.ts'

export const basePath = '/api/v1/billing'

export const routes = {
  ...planRoutes,
  ...subscriptionRoutes,
  ...usageRoutes,
  ...entitlementRoutes,
  ...invoiceRoutes,
  ...creditRoutes,
  ...couponRoutes,
  ...paymentMethodRoutes,
  ...payLinkRoutes,
  ...transactionRoutes,
  ...exportRoutes,
  ...fileExportRoutes,
  ...closingRoutes,
  ...customerRoutes,
  ...privacyRoutes,
  ...approvalRoutes,
  ...taxRoutes,
  ...historyRoutes,
  ...mailRoutes,
  ...brandingRoutes,
  ...apiKeyRoutes,
  ...fapiaoRoutes,
  ...sealRoutes,
  ...jobRoutes,
  ...dunningReportRoutes,
  ...testClockRoutes,
  ...settlementRoutes,
  ...reconciliationRoutes,
  ...paymentHealthRoutes,
  ...reportRoutes,
  ...issuerRoutes,
  ...webhookRoutes,
  ...webhookEndpointRoutes,
} as const

export type Routes = typeof routes
export type RouteName = keyof Routes
