// Prefixed, sortable, typed ids: one kind cannot be passed as another. Making one needs entropy and the
// time, so it happens behind the `ids` port; here are only the kinds and the shape.

/** The prefix of every kind of id we make. */
export const idPrefixes = {
  customer: 'cus',
  paymentMethod: 'pm',
  subscription: 'sub',
  invoice: 'inv',
  invoiceLine: 'il',
  transaction: 'txn',
  dispute: 'dp',
  drift: 'drf',
  creditNote: 'cn',
  creditEntry: 'ce',
  ledgerEntry: 'le',
  posting: 'post',
  event: 'evt',
  audit: 'aud',
  approval: 'apr',
  quote: 'quo',
  taxRate: 'txr',
  coupon: 'cpn',
  promotionCode: 'promo',
  discount: 'disc',
  mail: 'mail',
  webhookEndpoint: 'we',
  webhookDelivery: 'wd',
  export: 'exp',
  apiKey: 'key',
  jobRun: 'run',
  request: 'req',
} as const

export type IdKind = keyof typeof idPrefixes
export type Id<K extends IdKind> = `${(typeof idPrefixes)[K]}_${string}`

export type CustomerId = Id<'customer'>
export type PaymentMethodId = Id<'paymentMethod'>
export type SubscriptionId = Id<'subscription'>
export type InvoiceId = Id<'invoice'>
export type InvoiceLineId = Id<'invoiceLine'>
export type TransactionId = Id<'transaction'>
export type CreditNoteId = Id<'creditNote'>

/** The platform's own name of a tenant, taken from the token, never from a body. */
export type TenantId = string & { readonly tenant?: never }

const bodyPattern = /^[0-9A-HJKMNP-TV-Z]{26}$/

/** Whether a text from outside has the shape of our id of that kind. Anything else is simply not found. */
export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  const prefix = `${idPrefixes[kind]}_`
  return text.startsWith(prefix) && bodyPattern.test(text.slice(prefix.length))
}
