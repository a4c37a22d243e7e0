// Replaces ids by the objects they name (`expand[]`), up to 4 levels, and adds the fields that
// Stripe sends only on request. It never changes stored rows.

import { invalidParameter } from './failures.ts'
import type { FormRecord } from './form.ts'
import { textList } from './params.ts'
import { find, idOf, newest, newestWhere, type Work } from './state.ts'
import type { TableName } from './tables.ts'

const levelsMax = 4

const tableByPrefix: Record<string, TableName> = {
  ch: 'charge',
  clock: 'test_clock',
  cs: 'checkout_session',
  cus: 'customer',
  dp: 'dispute',
  di: 'discount',
  du: 'dispute',
  in: 'invoice',
  inpay: 'invoice_payment',
  issfr: 'early_fraud_warning',
  mandate: 'mandate',
  pi: 'payment_intent',
  pm: 'payment_method',
  po: 'payout',
  prv: 'review',
  price: 'price',
  prod: 'product',
  py: 'charge',
  pyr: 'refund',
  re: 'refund',
  setatt: 'setup_attempt',
  seti: 'setup_intent',
  sub: 'subscription',
  txn: 'balance_transaction',
}

type Node = Record<string, unknown>

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Fields that are absent unless asked for, by `<object>.<field>`. */
const onRequest: Record<string, (work: Work, node: Node) => unknown> = {
  'charge.refunds': (work, node) => ({
    object: 'list',
    data: [...newest(work, 'refund')].filter(refund => refund.charge === node.id),
    has_more: false,
    url: `/v1/charges/${String(node.id)}/refunds`,
  }),
  'customer.subscriptions': (work, node) => ({
    object: 'list',
    data: [...newest(work, 'subscription')].filter(
      row => row.customer === node.id && row.status !== 'canceled',
    ),
    has_more: false,
    url: `/v1/customers/${String(node.id)}/subscriptions`,
  }),
  'customer.sources': (_work, node) => ({
    object: 'list',
    data: [],
    has_more: false,
    url: `/v1/customers/${String(node.id)}/sources`,
  }),
  'invoice.payments': (work, node) => ({
    object: 'list',
    data: [...newest(work, 'invoice_payment')].filter(row => row.invoice === node.id),
    has_more: false,
    url: `/v1/invoices/${String(node.id)}/payments`,
  }),
  'invoice.confirmation_secret': (work, node) => {
    const payment = newestWhere(work, 'invoice_payment', row => row.invoice === node.id)
    const intentId = idOf(payment?.payment.payment_intent)
    const intent = intentId ? find(work, 'payment_intent', intentId) : undefined
    if (!intent?.client_secret) return null
    return { client_secret: intent.client_secret, type: 'payment_intent' }
  },
  'checkout.session.line_items': (work, node) => ({
    object: 'list',
    data: find(work, 'checkout_plan', String(node.id))?.lines ?? [],
    has_more: false,
    url: `/v1/checkout/sessions/${String(node.id)}/line_items`,
  }),
}

/** The object an id names, whatever its kind. */
export function objectNamed(work: Work, id: string): unknown {
  const table = tableByPrefix[id.slice(0, id.indexOf('_'))]
  return table ? find(work, table, id) : undefined
}

function expandValue(work: Work, value: unknown, rest: string[], path: string): unknown {
  if (value === null) return null
  if (Array.isArray(value)) return value.map(item => expandValue(work, item, rest, path))
  const object = typeof value === 'string' ? objectNamed(work, value) : value
  if (!isNode(object)) throw notExpandable(path)
  return rest.length === 0 ? object : expandNode(work, object, rest, path)
}

function notExpandable(path: string) {
  return invalidParameter(`This property cannot be expanded (${path}).`, 'expand')
}

function expandNode(work: Work, node: Node, steps: string[], path: string): Node {
  const [field = '', ...rest] = steps
  const extra = onRequest[`${String(node.object)}.${field}`]
  const value = field in node ? node[field] : extra?.(work, node)
  if (value === undefined) throw notExpandable(path)
  return { ...node, [field]: expandValue(work, value, rest, path) }
}

/** The answer with the requested paths expanded. */
export function expanded(work: Work, answer: unknown, params: FormRecord): unknown {
  const paths = textList(params, 'expand') ?? []
  return paths.reduce((current, path) => {
    const steps = path.split('.')
    const levels = steps.filter(step => step !== 'data').length
    if (levels > levelsMax) {
      throw invalidParameter(
        `You cannot expand more than ${levelsMax} levels of a property. Property: ${path}`,
        'expand',
      )
    }
    if (!isNode(current)) return current
    return expandNode(work, current, steps, path)
  }, answer)
}
