// Every page of the dashboard, by who looks at it: what screenshots are taken of and what the accessibility
// check walks through. A new page is a line here.

/** A signed link, and the test cards that were tried on it before anybody looks. */
export interface ListedLink {
  readonly purpose: 'pay' | 'fix'
  readonly tried: readonly string[]
  /** The issuer has withdrawn the invoice since. */
  readonly voided?: true
}

export interface ListedPage {
  readonly name: string
  /** A person of the demo; null: nobody is signed in. */
  readonly person: string | null
  /** The same in Chinese, where another demo tenant shows it. */
  readonly personZh?: string
  readonly path: string
  /** The page is that of a new link instead of a path. */
  readonly link?: ListedLink
  /** The page that verifies a bank account, of a tenant of its own. */
  readonly account?: true
  /** The first element that matches is pressed before looking. */
  readonly follow?: string
  /** What then has to be there before anybody looks. */
  readonly until?: string
}

const asAdmin = { person: 'admin', personZh: 'admin-zh' } as const
const asOperator = { person: 'operator' } as const

export const pages: readonly ListedPage[] = [
  { name: 'sign-in', person: null, path: '/' },
  { name: 'overview', ...asAdmin, path: '/overview' },
  { name: 'overview-empty', person: 'newcomer', path: '/overview' },
  { name: 'overview-member', person: 'member', path: '/overview' },
  { name: 'plan', ...asAdmin, path: '/plan' },
  {
    name: 'plan-change',
    ...asAdmin,
    path: '/plan',
    follow: '.qt-offer .qt-button-primary',
    until: 'dialog button[type=submit]',
  },
  {
    name: 'plan-cancel',
    ...asAdmin,
    path: '/plan',
    follow: '.qt-section .qt-row-actions > .qt-button-text:last-of-type',
  },
  { name: 'plan-empty', person: 'newcomer', path: '/plan' },
  { name: 'usage', ...asAdmin, path: '/usage' },
  { name: 'usage-table', ...asAdmin, path: '/usage', follow: 'input[value="table"]' },
  { name: 'payment-methods', ...asAdmin, path: '/payment-methods' },
  {
    name: 'payment-methods-add',
    ...asAdmin,
    path: '/payment-methods',
    follow: '.qt-actions .qt-button-primary',
  },
  { name: 'verify', person: null, path: '', account: true },
  { name: 'invoices', ...asAdmin, path: '/invoices' },
  { name: 'invoices-locked', person: 'member', path: '/invoices' },
  { name: 'invoice', ...asAdmin, path: '/invoices', follow: 'table a[href^="/invoices/"]' },
  { name: 'credit-notes', ...asAdmin, path: '/invoices?view=credit-notes' },
  { name: 'transactions', ...asAdmin, path: '/transactions' },
  { name: 'settings', ...asAdmin, path: '/settings' },
  {
    name: 'settings-details',
    ...asAdmin,
    path: '/settings',
    follow: '.qt-section .qt-row-actions > .qt-button-plain',
  },
  { name: 'example', ...asAdmin, path: '/examples/billing-provider' },
  { name: 'pay', person: null, path: '', link: { purpose: 'pay', tried: [] } },
  {
    name: 'pay-fix',
    person: null,
    path: '',
    link: { purpose: 'fix', tried: ['pm_card_chargeCustomerFail'] },
  },
  {
    name: 'pay-confirm',
    person: null,
    path: '',
    link: { purpose: 'pay', tried: ['pm_card_authenticationRequired'] },
  },
  { name: 'pay-paid', person: null, path: '', link: { purpose: 'pay', tried: ['pm_card_visa'] } },
  { name: 'pay-void', person: null, path: '', link: { purpose: 'pay', tried: [], voided: true } },
  { name: 'pay-dead', person: null, path: '/p/nothing' },
  { name: 'operator-home', ...asOperator, path: '/operator' },
  { name: 'operator-reports', ...asOperator, path: '/operator/reports' },
  { name: 'operator-report', ...asOperator, path: '/operator/reports/mrr' },
  { name: 'operator-forecast', ...asOperator, path: '/operator/forecast', until: '.op-range' },
  { name: 'operator-tenants', ...asOperator, path: '/operator/tenants' },
  { name: 'operator-tenant', ...asOperator, path: '/operator/tenants/demo' },
  { name: 'operator-tenant-invoices', ...asOperator, path: '/operator/tenants/demo?tab=invoices' },
  { name: 'operator-tenant-methods', ...asOperator, path: '/operator/tenants/demo?tab=methods' },
  { name: 'operator-tenant-settings', ...asOperator, path: '/operator/tenants/demo?tab=settings' },
  {
    name: 'operator-tenant-settings-edit',
    ...asOperator,
    path: '/operator/tenants/demo?tab=settings',
    follow: '.op-terms button',
    until: '[role=dialog] form',
  },
  { name: 'operator-search', ...asOperator, path: '/operator/search' },
  { name: 'operator-search-found', ...asOperator, path: '/operator/search?q=demo' },
  { name: 'operator-tenant-missing', ...asOperator, path: '/operator/tenants/nobody' },
  { name: 'operator-subscriptions', ...asOperator, path: '/operator/subscriptions' },
  { name: 'operator-invoices', ...asOperator, path: '/operator/invoices' },
  {
    name: 'operator-invoice',
    ...asOperator,
    path: '/operator/invoices?tenantId=demo',
    follow: 'main a[href*="/invoices/"]',
  },
  { name: 'operator-transactions', ...asOperator, path: '/operator/transactions' },
  {
    name: 'operator-transaction',
    ...asOperator,
    path: '/operator/transactions?type=payment',
    follow: 'main a[href*="/transactions/"]',
  },
  {
    name: 'operator-subscription',
    ...asOperator,
    path: '/operator/subscriptions',
    follow: 'main button.op-peek',
  },
  { name: 'operator-payment-health', ...asOperator, path: '/operator/payment-health' },
  { name: 'operator-disputes', ...asOperator, path: '/operator/disputes' },
  { name: 'operator-approvals', ...asOperator, path: '/operator/approvals' },
  { name: 'operator-payouts', ...asOperator, path: '/operator/payouts' },
  { name: 'operator-webhooks', ...asOperator, path: '/operator/webhooks' },
  {
    name: 'operator-webhook',
    ...asOperator,
    path: '/operator/webhooks',
    follow: 'main button.op-peek',
  },
  { name: 'operator-drift', ...asOperator, path: '/operator/drift' },
  { name: 'operator-jobs', ...asOperator, path: '/operator/jobs' },
  { name: 'operator-mail', ...asOperator, path: '/operator/mail' },
  { name: 'operator-mail-preview', ...asOperator, path: '/operator/mail?preview=payment_failed' },
  { name: 'operator-audit-log', ...asOperator, path: '/operator/audit-log?tenantId=demo' },
  { name: 'operator-time-machine', ...asOperator, path: '/operator/time-machine' },
  { name: 'operator-plans', ...asOperator, path: '/operator/plans' },
  {
    name: 'operator-plan-edit',
    ...asOperator,
    path: '/operator/plans',
    follow: '.op-plan button',
    until: '[role=dialog] form',
  },
  { name: 'operator-coupons', ...asOperator, path: '/operator/coupons' },
  { name: 'operator-endpoints', ...asOperator, path: '/operator/endpoints' },
  { name: 'operator-branding', ...asOperator, path: '/operator/branding' },
  { name: 'operator-locked', ...asAdmin, path: '/operator/tenants' },
]
