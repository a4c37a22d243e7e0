// The addresses of the operator console. Only addresses: each page and Ant Design itself are loaded when one
// is opened.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../root-route.ts'
import { OperatorGate } from './gate.tsx'

const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/operator',
  component: OperatorGate,
})

const page = <const P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => consoleRoute, path, component })

export const operatorRoutes = consoleRoute.addChildren([
  page(
    '/',
    lazyRouteComponent(() => import('./pages/home.tsx'), 'HomePage'),
  ),
  page(
    '/search',
    lazyRouteComponent(() => import('./pages/search.tsx'), 'SearchPage'),
  ),
  page(
    '/tenants',
    lazyRouteComponent(() => import('./pages/tenants.tsx'), 'TenantsPage'),
  ),
  page(
    '/tenants/$tenantId',
    lazyRouteComponent(() => import('./pages/tenant.tsx'), 'TenantPage'),
  ),
  page(
    '/tenants/$tenantId/invoices/$invoiceId',
    lazyRouteComponent(() => import('./pages/invoice.tsx'), 'InvoicePage'),
  ),
  page(
    '/tenants/$tenantId/transactions/$transactionId',
    lazyRouteComponent(() => import('./pages/transaction.tsx'), 'TransactionPage'),
  ),
  page(
    '/subscriptions',
    lazyRouteComponent(() => import('./pages/subscriptions.tsx'), 'SubscriptionsPage'),
  ),
  page(
    '/invoices',
    lazyRouteComponent(() => import('./pages/invoices.tsx'), 'InvoicesPage'),
  ),
  page(
    '/transactions',
    lazyRouteComponent(() => import('./pages/transactions.tsx'), 'TransactionsPage'),
  ),
  page(
    '/disputes',
    lazyRouteComponent(() => import('./pages/disputes.tsx'), 'DisputesPage'),
  ),
  page(
    '/payouts',
    lazyRouteComponent(() => import('./pages/payouts.tsx'), 'PayoutsPage'),
  ),
  page(
    '/payment-health',
    lazyRouteComponent(() => import('./pages/payment-health.tsx'), 'PaymentHealthPage'),
  ),
  page(
    '/approvals',
    lazyRouteComponent(() => import('./pages/approvals.tsx'), 'ApprovalsPage'),
  ),
  page(
    '/webhooks',
    lazyRouteComponent(() => import('./pages/webhooks.tsx'), 'WebhooksPage'),
  ),
  page(
    '/drift',
    lazyRouteComponent(() => import('./pages/drift.tsx'), 'DriftPage'),
  ),
  page(
    '/jobs',
    lazyRouteComponent(() => import('./pages/jobs.tsx'), 'JobsPage'),
  ),
  page(
    '/mail',
    lazyRouteComponent(() => import('./pages/mails.tsx'), 'MailsPage'),
  ),
  page(
    '/audit-log',
    lazyRouteComponent(() => import('./pages/audit.tsx'), 'AuditPage'),
  ),
  page(
    '/time-machine',
    lazyRouteComponent(() => import('./pages/time-machine.tsx'), 'TimeMachinePage'),
  ),
  page(
    '/forecast',
    lazyRouteComponent(() => import('./pages/forecast.tsx'), 'ForecastPage'),
  ),
  page(
    '/reports',
    lazyRouteComponent(() => import('./pages/reports.tsx'), 'ReportsPage'),
  ),
  page(
    '/reports/$code',
    lazyRouteComponent(() => import('./pages/report.tsx'), 'ReportPage'),
  ),
  page(
    '/plans',
    lazyRouteComponent(() => import('./pages/plans.tsx'), 'PlansPage'),
  ),
  page(
    '/coupons',
    lazyRouteComponent(() => import('./pages/coupons.tsx'), 'CouponsPage'),
  ),
  page(
    '/branding',
    lazyRouteComponent(() => import('./pages/branding.tsx'), 'BrandingPage'),
  ),
  page(
    '/endpoints',
    lazyRouteComponent(() => import('./pages/endpoints.tsx'), 'EndpointsPage'),
  ),
])
