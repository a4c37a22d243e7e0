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

type InputOf<R extends Route> = 'body' extends keyof R
  ? ' body'
  : 'query' extends keyof R
    ? ' query'
    : R extends { readonly media: string }
      ? ' -'
      : ''
type MediaOf<R extends Route> = R extends { readonly media: infer M extends string } ? ` ${M}` : ''
type WholeOf<R extends Route> = `${R['method']} ${R['path']}${InputOf<R>}${MediaOf<R>}`
type ShapeOf<R extends Route> =
  WholeOf<R> extends `${infer Export}/export/:format query text/csv`
    ? `${Export}/export/:format`
    : WholeOf<R>

/**
 * Reads the text of one operation: method, path, where the input goes (`-`: there is none), media type. A list as a
 * file always takes the filters of the list and is named by its first format.
 */
export function callShape(text: string): CallShape {
  const whole = text.endsWith('/:format') ? `${text} query text/csv` : text
  const [method, path, input = '-', media] = whole.split(' ')
  return {
    method: method as CallShape['method'],
    path: path!,
    input: input === '-' ? null : (input as 'query' | 'body'),
    ...(media === undefined ? {} : { media }),
  }
}

/** As texts, which weigh a third of objects in a browser's bundle. */
export const paths = {
  getFapiaoBuyer: 'GET /customers/:id/fapiao',
  putFapiaoBuyer: 'PUT /customers/:id/fapiao body',
  listFapiaos: 'GET /fapiaos query',
  recordFapiao: 'PUT /invoices/:id/fapiao body',
  recordRedFapiao: 'PUT /credit-notes/:id/fapiao body',
  exportFapiaoLines: 'GET /issuer/fapiao/export/:format',
  listApiKeys: 'GET /api-keys query',
  createApiKey: 'POST /api-keys body',
  rotateApiKey: 'POST /api-keys/:id/rotate body',
  revokeApiKey: 'DELETE /api-keys/:id',
  listPlans: 'GET /plans',
  getPlan: 'GET /plans/:code',
  pushPlans: 'POST /plans body',
  listSubscriptions: 'GET /subscriptions query',
  getSubscription: 'GET /subscriptions/:id',
  createSubscription: 'POST /subscriptions body',
  updateSubscription: 'PATCH /subscriptions/:id body',
  previewSubscription: 'POST /subscriptions/preview body',
  cancelSubscription: 'POST /subscriptions/:id/cancel body',
  reactivateSubscription: 'POST /subscriptions/:id/reactivate',
  pauseSubscription: 'POST /subscriptions/:id/pause body',
  resumeSubscription: 'POST /subscriptions/:id/resume body',
  endTrial: 'POST /subscriptions/:id/end-trial body',
  recordUsage: 'POST /subscriptions/:id/usage body',
  getUsage: 'GET /subscriptions/:id/usage',
  listUsageEvents: 'GET /subscriptions/:id/usage/events query',
  recordUsageBatch: 'POST /usage/batch body',
  getEntitlements: 'GET /entitlements',
  checkEntitlement: 'POST /entitlements/check body',
  listInvoices: 'GET /invoices query',
  getInvoice: 'GET /invoices/:id',
  createInvoice: 'POST /invoices body',
  payInvoice: 'POST /invoices/:id/pay body',
  recordPayment: 'POST /invoices/:id/payments body',
  createPayLink: 'POST /invoices/:id/pay-link body',
  finalizeInvoice: 'POST /invoices/:id/finalize',
  voidInvoice: 'POST /invoices/:id/void',
  writeOffInvoice: 'POST /invoices/:id/uncollectible',
  sendInvoice: 'POST /invoices/:id/send',
  checkoutInvoice: 'POST /invoices/:id/checkout body',
  deleteInvoice: 'DELETE /invoices/:id',
  getInvoicePdf: 'GET /invoices/:id/pdf query application/pdf',
  getInvoiceUbl: 'GET /invoices/:id/ubl - application/xml',
  createCreditNote: 'POST /invoices/:id/credit-notes body',
  listCreditNotes: 'GET /credit-notes query',
  getCreditNote: 'GET /credit-notes/:id',
  getCreditNotePdf: 'GET /credit-notes/:id/pdf query application/pdf',
  getCreditNoteUbl: 'GET /credit-notes/:id/ubl - application/xml',
  getCreditBalance: 'GET /credit-balance query',
  adjustCreditBalance: 'POST /credit-balance body',
  createCoupon: 'POST /coupons body',
  listCoupons: 'GET /coupons query',
  getCoupon: 'GET /coupons/:code',
  updateCoupon: 'PATCH /coupons/:code body',
  createPromotionCode: 'POST /promotion-codes body',
  listPromotionCodes: 'GET /promotion-codes query',
  getPromotionCode: 'GET /promotion-codes/:code',
  updatePromotionCode: 'PATCH /promotion-codes/:code body',
  removeDiscount: 'DELETE /subscriptions/:id/discounts/:discountId',
  listPaymentMethods: 'GET /payment-methods query',
  getPaymentMethod: 'GET /payment-methods/:id',
  addPaymentMethod: 'POST /payment-methods body',
  createSetupIntent: 'POST /payment-methods/setup-intent body',
  verifyPaymentMethod: 'POST /payment-methods/:id/verify body',
  updatePaymentMethod: 'PATCH /payment-methods/:id body',
  setDefaultPaymentMethod: 'POST /payment-methods/:id/default',
  removePaymentMethod: 'DELETE /payment-methods/:id',
  listTransactions: 'GET /transactions query',
  getTransaction: 'GET /transactions/:id',
  getReceiptPdf: 'GET /transactions/:id/receipt query application/pdf',
  createRefund: 'POST /transactions/:id/refund body',
  reversePayment: 'POST /transactions/:id/reverse body',
  getSummary: 'GET /transactions/summary/:period',
  exportTransactions: 'GET /transactions/export/:format',
  exportInvoices: 'GET /invoices/export/:format',
  exportCreditNotes: 'GET /credit-notes/export/:format',
  exportCustomers: 'GET /customers/export/:format',
  exportUsage: 'GET /usage/export/:format',
  exportAuditLog: 'GET /audit-log/export/:format',
  exportIssuerTransactions: 'GET /issuer/transactions/export/:format',
  exportIssuerInvoices: 'GET /issuer/invoices/export/:format',
  exportIssuerCreditNotes: 'GET /issuer/credit-notes/export/:format',
  exportIssuerCustomers: 'GET /issuer/customers/export/:format',
  exportIssuerUsage: 'GET /issuer/usage/export/:format',
  exportIssuerAuditLog: 'GET /issuer/audit-log/export/:format',
  closePeriod: 'POST /close/:period',
  getClosing: 'GET /close/:period',
  listClosings: 'GET /close query',
  createExport: 'POST /exports body',
  listExports: 'GET /exports query',
  getExport: 'GET /exports/:id',
  listApprovals: 'GET /approvals query',
  getApproval: 'GET /approvals/:id',
  approve: 'POST /approvals/:id/approve body',
  decline: 'POST /approvals/:id/decline body',
  listIssuerApprovals: 'GET /issuer/approvals query',
  exportPersonalData: 'POST /privacy/export body',
  erasePersonalData: 'POST /privacy/erase body',
  listCustomers: 'GET /customers query',
  getCustomer: 'GET /customers/:id',
  updateCustomer: 'PATCH /customers/:id body',
  getTestClock: 'GET /test-clock',
  setTestClock: 'POST /test-clock body',
  advanceTestClock: 'POST /test-clock/advance body',
  getSettings: 'GET /settings',
  listEvents: 'GET /events query',
  listTaxRates: 'GET /tax-rates query',
  createTaxRate: 'POST /tax-rates body',
  endTaxRate: 'POST /tax-rates/:id/end body',
  decideTax: 'POST /customers/:id/tax body',
  listJobs: 'GET /jobs',
  listJobRuns: 'GET /jobs/runs query',
  runJob: 'POST /jobs/:name/run',
  simulateDunning: 'POST /reports/dunning-simulation body',
  listSeals: 'GET /seals query',
  listNewestSeals: 'GET /issuer/seals query',
  listAuditLog: 'GET /audit-log query',
  listIssuerAuditLog: 'GET /issuer/audit-log query',
  updateSettings: 'PATCH /settings body',
  getBranding: 'GET /branding',
  putBranding: 'PUT /branding body',
  listBrandingVersions: 'GET /branding/versions',
  previewBranding: 'POST /branding/preview body application/pdf',
  listMails: 'GET /mail query',
  getMail: 'GET /mail/:id',
  resendMail: 'POST /mail/:id/resend',
  previewMail: 'GET /mail/preview/:kind query',
  listDisputes: 'GET /disputes query',
  getDispute: 'GET /disputes/:id',
  submitDisputeEvidence: 'POST /disputes/:id/evidence body',
  listIssuerDisputes: 'GET /issuer/disputes query',
  listPayouts: 'GET /payouts query',
  getPayout: 'GET /payouts/:id',
  listTenants: 'GET /issuer/tenants query',
  listIssuerSubscriptions: 'GET /issuer/subscriptions query',
  listIssuerInvoices: 'GET /issuer/invoices query',
  listIssuerTransactions: 'GET /issuer/transactions query',
  syncTenant: 'POST /sync',
  listDrift: 'GET /reconciliation/drift query',
  compareNow: 'POST /reconciliation/compare body',
  resolveDrift: 'POST /reconciliation/drift/:id/resolve body',
  getCertificate: 'GET /reconciliation/certificates/:period',
  getPaymentHealth: 'GET /reports/payment-health query',
  listReports: 'GET /reports query',
  listMrrMovements: 'GET /reports/mrr/movements query',
  getReport: 'GET /reports/:code query',
  exportReport: 'GET /reports/:code/export/:format',
  listWebhookEvents: 'GET /webhook-events query',
  getWebhookEvent: 'GET /webhook-events/:id',
  replayWebhookEvent: 'POST /webhook-events/:id/replay',
  replayWebhookEvents: 'POST /webhook-events/replay body',
  listEventTypes: 'GET /webhook-endpoints/events',
  listWebhookEndpoints: 'GET /webhook-endpoints query',
  createWebhookEndpoint: 'POST /webhook-endpoints body',
  getWebhookEndpoint: 'GET /webhook-endpoints/:id',
  updateWebhookEndpoint: 'PATCH /webhook-endpoints/:id body',
  deleteWebhookEndpoint: 'DELETE /webhook-endpoints/:id',
  rotateWebhookSecret: 'POST /webhook-endpoints/:id/rotate-secret body',
  listWebhookDeliveries: 'GET /webhook-endpoints/:id/deliveries query',
  resendWebhookDelivery: 'POST /webhook-endpoints/:id/deliveries/:deliveryId/resend',
} as const satisfies { readonly [N in ClientRouteName]: ShapeOf<Routes[N]> }
