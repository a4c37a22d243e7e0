// Every page of the dashboard, by who looks at it: what screenshots are taken of and what the accessibility
// check walks through. A new page is a line here.

export interface ListedPage {
  readonly name: string
  /** A person of the demo; null: nobody is signed in. */
  readonly person: string | null
  /** The same in Chinese, where another demo tenant shows it. */
  readonly personZh?: string
  readonly path: string
  /** The first element that matches is pressed before looking. */
  readonly follow?: string
}

const asAdmin = { person: 'admin', personZh: 'admin-zh' } as const

export const pages: readonly ListedPage[] = [
  { name: 'sign-in', person: null, path: '/' },
  { name: 'overview', ...asAdmin, path: '/overview' },
  { name: 'overview-empty', person: 'newcomer', path: '/overview' },
  { name: 'overview-member', person: 'member', path: '/overview' },
  { name: 'plan', ...asAdmin, path: '/plan' },
  { name: 'plan-empty', person: 'newcomer', path: '/plan' },
  { name: 'payment-methods', ...asAdmin, path: '/payment-methods' },
  { name: 'invoices', ...asAdmin, path: '/invoices' },
  { name: 'invoices-locked', person: 'member', path: '/invoices' },
  { name: 'invoice', ...asAdmin, path: '/invoices', follow: 'table a[href^="/invoices/"]' },
  { name: 'transactions', ...asAdmin, path: '/transactions' },
  { name: 'settings', ...asAdmin, path: '/settings' },
  { name: 'operator', person: 'operator', path: '/overview' },
]
