// The addresses of the dashboard. Filters stand in the address, so that Back and sharing work;
// tokens never do.
import {
  BillingDashboard,
  type InvoiceFilter,
  invoiceFilters,
  type TransactionFilters,
  transactionStatuses,
  transactionTypes,
} from '@quittance/billing-react/billing-react'
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { operatorRoutes } from './operator/routes.ts'
import { rootRoute as root } from './root-route.ts'

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/overview', replace: true })
  },
})

const overview = createRoute({
  getParentRoute: () => root,
  path: '/overview',
  component: BillingDashboard,
})

const plan = createRoute({
  getParentRoute: () => root,
  path: '/plan',
  component: lazyRouteComponent(() => import('./pages/plan.tsx'), 'PlanPage'),
})

const paymentMethods = createRoute({
  getParentRoute: () => root,
  path: '/payment-methods',
  component: lazyRouteComponent(() => import('./pages/payment-methods.tsx'), 'PaymentMethodsPage'),
})

const verifyMethod = createRoute({
  getParentRoute: () => root,
  path: '/payment-methods/$methodId/verify',
  component: lazyRouteComponent(() => import('./pages/payment-methods.tsx'), 'VerifyMethodPage'),
})

interface UsageSearch {
  readonly metric?: string
}

const usage = createRoute({
  getParentRoute: () => root,
  path: '/usage',
  validateSearch: ({ metric }: Record<string, unknown>): UsageSearch =>
    typeof metric === 'string' ? { metric } : {},
  component: lazyRouteComponent(() => import('./pages/usage.tsx'), 'UsagePage'),
})

interface InvoiceSearch {
  readonly status?: Exclude<InvoiceFilter, 'all'>
  readonly view?: 'credit-notes'
}

const invoices = createRoute({
  getParentRoute: () => root,
  path: '/invoices',
  validateSearch: (search: Record<string, unknown>): InvoiceSearch => {
    const status = invoiceFilters.find(each => each === search.status)
    return {
      ...(status && status !== 'all' && { status }),
      ...(search.view === 'credit-notes' && { view: search.view }),
    }
  },
  component: lazyRouteComponent(() => import('./pages/invoices.tsx'), 'InvoicesPage'),
})

const invoice = createRoute({
  getParentRoute: () => root,
  path: '/invoices/$invoiceId',
  component: lazyRouteComponent(() => import('./pages/invoices.tsx'), 'InvoicePage'),
})

const transactions = createRoute({
  getParentRoute: () => root,
  path: '/transactions',
  validateSearch: (search: Record<string, unknown>): TransactionFilters => {
    const type = transactionTypes.find(each => each === search.type)
    const status = transactionStatuses.find(each => each === search.status)
    return { ...(type && { type }), ...(status && { status }) }
  },
  component: lazyRouteComponent(() => import('./pages/transactions.tsx'), 'TransactionsPage'),
})

const examples = createRoute({
  getParentRoute: () => root,
  path: '/examples/$name',
  component: lazyRouteComponent(() => import('./pages/examples.tsx'), 'ExamplesPage'),
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'SettingsPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    overview,
    plan,
    usage,
    paymentMethods,
    verifyMethod,
    invoices,
    invoice,
    transactions,
    settings,
    examples,
    operatorRoutes,
  ]),
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
