// A declared collection seen from the side of a store: plain names and types instead of generics. What
// every adapter needs to know of a row lives here, so that they cannot disagree about it.
import { assert } from '../core/assert.ts'
import { refuse } from '../core/refusal.ts'
import type { Basis, FieldType } from './collections/declare.ts'
import { type CollectionName, collections } from './collections.ts'

/** A row whose collection is known only by name. */
export type Row = Readonly<Record<string, unknown>>

/** Whose rows a handle sees: one tenant's, or everybody's. */
export type Scope = 'tenant' | 'system'

export interface Shape {
  readonly scope: Scope
  readonly table: string
  readonly fields: Readonly<Record<string, FieldType>>
  readonly key: readonly string[]
  readonly unique?: readonly (readonly string[])[]
  readonly indexes?: readonly (readonly string[])[]
  readonly systemIndexes?: readonly (readonly string[])[]
  readonly references?: Readonly<Record<string, string | undefined>>
  readonly appendOnly?: boolean
  readonly personal?: Readonly<Record<string, ((value: never) => unknown) | undefined>>
  readonly retained?: { readonly fields: readonly string[]; readonly basis: Basis }
  readonly removable?: readonly string[]
  readonly opaque?: { readonly field: string; readonly keptWhen: string }
  readonly inClear?: Readonly<Record<string, string | undefined>>
}

export type BaseType = 'text' | 'integer' | 'decimal' | 'instant' | 'boolean' | 'json'

export const collectionNames = Object.keys(collections) as CollectionName[]

export const shapeOf = (collection: CollectionName): Shape => collections[collection]

/** The type of a field without its nullability. */
export function typeOf(shape: Shape, field: string): BaseType {
  const type = shape.fields[field]
  assert(type, `${shape.table} declares ${field}`)
  return (type.endsWith('?') ? type.slice(0, -1) : type) as BaseType
}

export const isNullable = (shape: Shape, field: string): boolean =>
  shape.fields[field]?.endsWith('?') === true

/** What follows from a declaration, worked out once. */
export function onceFor<T>(work: (shape: Shape) => T): (shape: Shape) => T {
  const known = new Map<Shape, T>()
  return shape => {
    const before = known.get(shape)
    if (before !== undefined) return before
    const made = work(shape)
    known.set(shape, made)
    return made
  }
}

/** The fields that name a row among all rows: the tenant's rows are keyed by the tenant first. */
export const fullKey: (shape: Shape) => readonly string[] = onceFor(shape =>
  shape.scope === 'tenant' ? ['tenantId', ...shape.key] : shape.key,
)

/** The unique keys besides the primary one, as they hold over all rows. */
export const uniqueKeys: (shape: Shape) => readonly (readonly string[])[] = onceFor(shape =>
  (shape.unique ?? []).map(fields => (shape.scope === 'tenant' ? ['tenantId', ...fields] : fields)),
)

/**
 * Whether `version` counts the writes of a row. Where it is part of a unique key it is a fact of its own (a
 * plan's version in the catalogue), and such rows are replaced as they are.
 */
export const isVersioned = (shape: Shape): boolean =>
  'version' in shape.fields && !(shape.unique ?? []).some(fields => fields.includes('version'))

/** The fields of a row of sums that are added up: all but its key. */
export const countedFields = (shape: Shape): string[] => {
  const key = new Set(fullKey(shape))
  return Object.keys(shape.fields).filter(field => !key.has(field))
}

/** How a violated key is named in refusals: its fields without the tenant, joined by `,`. */
export const constraintOf = (fields: readonly string[]): string =>
  fields.filter(field => field !== 'tenantId').join(',')

// NUL, and halves of surrogate pairs: no database of ours holds them.
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/** The text itself; refuses `invalid_request` when no store could give it back as it is. */
export const storableText = (text: string): string =>
  isStorable(text) ? text : refuse('invalid_request')

/** A nested value as JSON; refuses `invalid_request` like `storableText`. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value)
  assert(text !== undefined, 'a nested value is JSON')
  // Escaped in JSON, and told from an escaped backslash before a plain letter.
  const escaped = () => /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f])/.test(text)
  return text.includes('\\u') && escaped() ? refuse('invalid_request') : text
}

/** The fields of a row that say something of a person, those that outlive an erasure among them. */
export const personalFields = ({ personal, retained }: Shape): readonly string[] => [
  ...Object.keys(personal ?? {}),
  ...(retained?.fields ?? []),
]

/** Whether a field would let its holder act, or tells cards apart; wherever it stands. */
export const isSecretField = (field: string): boolean =>
  /^(fingerprint|requestKey|requestLogUrl|nextActionUrl|html)$|secret|token|password/i.test(field)

/** The row as an erasure leaves it. */
export function erasedRow(shape: Shape, row: Row): Row {
  const erased = Object.entries(shape.personal ?? {}).map(([field, erase]) => [
    field,
    (erase as (value: unknown) => unknown)(row[field]),
  ])
  return { ...row, ...Object.fromEntries(erased) }
}

const nouns: Readonly<Partial<Record<CollectionName, readonly [string, string]>>> = {
  tenants: ['tenant', '租户'],
  customers: ['customer', '客户'],
  paymentMethods: ['payment method', '支付方式'],
  subscriptions: ['subscription', '订阅'],
  invoices: ['invoice', '账单'],
  transactions: ['transaction', '交易'],
  creditNotes: ['credit note', '贷记单'],
  plans: ['plan', '套餐'],
  coupons: ['coupon', '优惠券'],
  promotionCodes: ['promotion code', '优惠码'],
  discounts: ['discount', '优惠'],
  quotes: ['quote', '报价'],
  events: ['event', '事件'],
  disputes: ['dispute', '争议'],
  payouts: ['payout', '付款到银行'],
  drifts: ['difference', '差异'],
  certificates: ['certificate', '对账证明'],
  approvals: ['approval', '审批'],
}

/** Refuses `not_found` in the words of the collection. */
export function refuseMissing(collection: CollectionName): never {
  const [noun, nounZh] = nouns[collection] ?? ['record', '记录']
  return refuse('not_found', { noun, nounZh })
}
