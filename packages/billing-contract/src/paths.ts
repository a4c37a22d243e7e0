// Method, path and shape of each operation without its schemas: all that a caller needs at run time, so
// that a browser bundle carries no validation. The types prove it equal to the routes.
import type { Route } from './route.ts'
import type { Routes } from './routes.ts'

/** Where every operation begins. */
export const basePath = '/api/v1/billing'

/** Operations that a client calls; Stripe's own deliveries are not among them. */
export type ClientRouteName = {
  [N in keyof Routes]: Routes[N]['permission'] extends null ? never : N
}[keyof Routes]

export interface CallShape {
  readonly method: Route['method']
  /** Below the base path, parameters as `:name`. */
  readonly path: string
  /** Where the input goes; null: there is none. */
  readonly input: 'query' | 'body' | null
  /** Media type of an answer that is not JSON. */
  readonly media?: string
}

type ShapeOf<R extends Route> = {
  readonly method: R['method']
  readonly path: R['path']
  readonly input: 'body' extends keyof R ? 'body' : 'query' extends keyof R ? 'query' : null
} & (R extends { readonly media: infer M } ? { readonly media: M } : unknown)

export const paths = {
  listPlans: { method: 'GET', path: '/plans', input: null },
  getPlan: { method: 'GET', path: '/plans/:code', input: null },
  pushPlans: { method: 'POST', path: '/plans', input: 'body' },
  listSubscriptions: { method: 'GET', path: '/subscriptions', input: 'query' },
  getSubscription: { method: 'GET', path: '/subscriptions/:id', input: null },
  createSubscription: { method: 'POST', path: '/subscriptions', input: 'body' },
  updateSubscription: { method: 'PATCH', path: '/subscriptions/:id', input: 'body' },
  previewSubscription: { method: 'POST', path: '/subscriptions/preview', input: 'body' },
  cancelSubscription: { method: 'POST', path: '/subscriptions/:id/cancel', input: 'body' },
  reactivateSubscription: { method: 'POST', path: '/subscriptions/:id/reactivate', input: null },
  pauseSubscription: { method: 'POST', path: '/subscriptions/:id/pause', input: 'body' },
  resumeSubscription: { method: 'POST', path: '/subscriptions/:id/resume', input: 'body' },
  endTrial: { method: 'POST', path: '/subscriptions/:id/end-trial', input: 'body' },
  recordUsage: { method: 'POST', path: '/subscriptions/:id/usage', input: 'body' },
  getUsage: { method: 'GET', path: '/subscriptions/:id/usage', input: null },
  listUsageEvents: {
    method: 'GET',
    path: '/subscriptions/:id/usage/events',
    input: 'query',
  },
  recordUsageBatch: { method: 'POST', path: '/usage/batch', input: 'body' },
  getEntitlements: { method: 'GET', path: '/entitlements', input: null },
  checkEntitlement: { method: 'POST', path: '/entitlements/check', input: 'body' },
  listInvoices: { method: 'GET', path: '/invoices', input: 'query' },
  getInvoice: { method: 'GET', path: '/invoices/:id', input: null },
  createInvoice: { method: 'POST', path: '/invoices', input: 'body' },
  payInvoice: { method: 'POST', path: '/invoices/:id/pay', input: 'body' },
  recordPayment: { method: 'POST', path: '/invoices/:id/payments', input: 'body' },
  createPayLink: { method: 'POST', path: '/invoices/:id/pay-link', input: 'body' },
  finalizeInvoice: { method: 'POST', path: '/invoices/:id/finalize', input: null },
  voidInvoice: { method: 'POST', path: '/invoices/:id/void', input: null },
  writeOffInvoice: { method: 'POST', path: '/invoices/:id/uncollectible', input: null },
  sendInvoice: { method: 'POST', path: '/invoices/:id/send', input: null },
  checkoutInvoice: { method: 'POST', path: '/invoices/:id/checkout', input: 'body' },
  deleteInvoice: { method: 'DELETE', path: '/invoices/:id', input: null },
  getInvoicePdf: {
    method: 'GET',
    path: '/invoices/:id/pdf',
    input: 'query',
    media: 'application/pdf',
  },
  createCreditNote: { method: 'POST', path: '/invoices/:id/credit-notes', input: 'body' },
  listCreditNotes: { method: 'GET', path: '/credit-notes', input: 'query' },
  getCreditNote: { method: 'GET', path: '/credit-notes/:id', input: null },
  getCreditNotePdf: {
    method: 'GET',
    path: '/credit-notes/:id/pdf',
    input: 'query',
    media: 'application/pdf',
  },
  getCreditBalance: { method: 'GET', path: '/credit-balance', input: 'query' },
  adjustCreditBalance: { method: 'POST', path: '/credit-balance', input: 'body' },
  createCoupon: { method: 'POST', path: '/coupons', input: 'body' },
  listCoupons: { method: 'GET', path: '/coupons', input: 'query' },
  getCoupon: { method: 'GET', path: '/coupons/:code', input: null },
  updateCoupon: { method: 'PATCH', path: '/coupons/:code', input: 'body' },
  createPromotionCode: { method: 'POST', path: '/promotion-codes', input: 'body' },
  listPromotionCodes: { method: 'GET', path: '/promotion-codes', input: 'query' },
  getPromotionCode: { method: 'GET', path: '/promotion-codes/:code', input: null },
  updatePromotionCode: { method: 'PATCH', path: '/promotion-codes/:code', input: 'body' },
  removeDiscount: {
    method: 'DELETE',
    path: '/subscriptions/:id/discounts/:discountId',
    input: null,
  },
  listPaymentMethods: { method: 'GET', path: '/payment-methods', input: 'query' },
  getPaymentMethod: { method: 'GET', path: '/payment-methods/:id', input: null },
  addPaymentMethod: { method: 'POST', path: '/payment-methods', input: 'body' },
  createSetupIntent: { method: 'POST', path: '/payment-methods/setup-intent', input: 'body' },
  verifyPaymentMethod: { method: 'POST', path: '/payment-methods/:id/verify', input: 'body' },
  updatePaymentMethod: { method: 'PATCH', path: '/payment-methods/:id', input: 'body' },
  setDefaultPaymentMethod: { method: 'POST', path: '/payment-methods/:id/default', input: null },
  removePaymentMethod: { method: 'DELETE', path: '/payment-methods/:id', input: null },
  listTransactions: { method: 'GET', path: '/transactions', input: 'query' },
  getTransaction: { method: 'GET', path: '/transactions/:id', input: null },
  getReceiptPdf: {
    method: 'GET',
    path: '/transactions/:id/receipt',
    input: 'query',
    media: 'application/pdf',
  },
  createRefund: { method: 'POST', path: '/transactions/:id/refund', input: 'body' },
  reversePayment: { method: 'POST', path: '/transactions/:id/reverse', input: 'body' },
  getSummary: { method: 'GET', path: '/transactions/summary/:period', input: null },
  exportTransactions: {
    method: 'GET',
    path: '/transactions/export/:format',
    input: 'query',
    media: 'text/csv',
  },
  listCustomers: { method: 'GET', path: '/customers', input: 'query' },
  getCustomer: { method: 'GET', path: '/customers/:id', input: null },
  updateCustomer: { method: 'PATCH', path: '/customers/:id', input: 'body' },
  getTestClock: { method: 'GET', path: '/test-clock', input: null },
  setTestClock: { method: 'POST', path: '/test-clock', input: 'body' },
  advanceTestClock: { method: 'POST', path: '/test-clock/advance', input: 'body' },
  getSettings: { method: 'GET', path: '/settings', input: null },
  listEvents: { method: 'GET', path: '/events', input: 'query' },
  listTaxRates: { method: 'GET', path: '/tax-rates', input: 'query' },
  createTaxRate: { method: 'POST', path: '/tax-rates', input: 'body' },
  endTaxRate: { method: 'POST', path: '/tax-rates/:id/end', input: 'body' },
  decideTax: { method: 'POST', path: '/customers/:id/tax', input: 'body' },
  listJobs: { method: 'GET', path: '/jobs', input: null },
  listJobRuns: { method: 'GET', path: '/jobs/runs', input: 'query' },
  runJob: { method: 'POST', path: '/jobs/:name/run', input: null },
  simulateDunning: { method: 'POST', path: '/reports/dunning-simulation', input: 'body' },
  listSeals: { method: 'GET', path: '/seals', input: 'query' },
  listNewestSeals: { method: 'GET', path: '/issuer/seals', input: 'query' },
  listAuditLog: { method: 'GET', path: '/audit-log', input: 'query' },
  updateSettings: { method: 'PATCH', path: '/settings', input: 'body' },
  getBranding: { method: 'GET', path: '/branding', input: null },
  putBranding: { method: 'PUT', path: '/branding', input: 'body' },
  listBrandingVersions: { method: 'GET', path: '/branding/versions', input: null },
  previewBranding: {
    method: 'POST',
    path: '/branding/preview',
    input: 'body',
    media: 'application/pdf',
  },
  listMails: { method: 'GET', path: '/mail', input: 'query' },
  getMail: { method: 'GET', path: '/mail/:id', input: null },
  resendMail: { method: 'POST', path: '/mail/:id/resend', input: null },
  previewMail: { method: 'GET', path: '/mail/preview/:kind', input: 'query' },
  listDisputes: { method: 'GET', path: '/disputes', input: 'query' },
  getDispute: { method: 'GET', path: '/disputes/:id', input: null },
  submitDisputeEvidence: { method: 'POST', path: '/disputes/:id/evidence', input: 'body' },
  listIssuerDisputes: { method: 'GET', path: '/issuer/disputes', input: 'query' },
  listPayouts: { method: 'GET', path: '/payouts', input: 'query' },
  getPayout: { method: 'GET', path: '/payouts/:id', input: null },
  listTenants: { method: 'GET', path: '/issuer/tenants', input: 'query' },
  listIssuerSubscriptions: { method: 'GET', path: '/issuer/subscriptions', input: 'query' },
  listIssuerInvoices: { method: 'GET', path: '/issuer/invoices', input: 'query' },
  listIssuerTransactions: { method: 'GET', path: '/issuer/transactions', input: 'query' },
  syncTenant: { method: 'POST', path: '/sync', input: null },
  listDrift: { method: 'GET', path: '/reconciliation/drift', input: 'query' },
  compareNow: { method: 'POST', path: '/reconciliation/compare', input: 'body' },
  resolveDrift: { method: 'POST', path: '/reconciliation/drift/:id/resolve', input: 'body' },
  getCertificate: { method: 'GET', path: '/reconciliation/certificates/:period', input: null },
  getPaymentHealth: { method: 'GET', path: '/reports/payment-health', input: 'query' },
  listWebhookEvents: { method: 'GET', path: '/webhook-events', input: 'query' },
  getWebhookEvent: { method: 'GET', path: '/webhook-events/:id', input: null },
  replayWebhookEvent: { method: 'POST', path: '/webhook-events/:id/replay', input: null },
  replayWebhookEvents: { method: 'POST', path: '/webhook-events/replay', input: 'body' },
} as const satisfies { readonly [N in ClientRouteName]: ShapeOf<Routes[N]> }
