// What there is not for subscriptions and invoices that Stripe bills, said plainly.
import type { Invoice } from '../../core/invoice.ts'
import { refuse } from '../../core/refusal.ts'

interface Limit {
  readonly what: string
  readonly whatZh: string
  readonly instead: string
  readonly insteadZh: string
}

const atStripe = {
  instead: 'Do it at Stripe; what happens there is shown here.',
  insteadZh: '请在 Stripe 中操作，结果会同步到此处。',
}

const limits = {
  quotes: {
    what: 'quote',
    whatZh: '报价',
    instead: 'Change it without quoteId; Stripe prices the change.',
    insteadZh: '请不带 quoteId 直接变更，由 Stripe 计算价格。',
  },
  coupons: {
    what: 'coupon of ours',
    whatZh: '本系统的优惠券',
    instead: 'Give the discount at Stripe.',
    insteadZh: '请在 Stripe 中设置折扣。',
  },
  testClock: {
    what: 'test clock of ours',
    whatZh: '本系统的测试时钟',
    instead: 'Use a tenant that lives in real time, and a test clock of Stripe.',
    insteadZh: '请使用真实时间的租户，并使用 Stripe 的测试时钟。',
  },
  laterChanges: {
    what: 'change at the end of the period',
    whatZh: '周期末变更',
    instead: 'Change it now, or schedule the change at Stripe.',
    insteadZh: '请立即变更，或在 Stripe 中安排变更。',
  },
  creditedEnds: {
    what: 'credit or refund at its end',
    whatZh: '取消时的抵扣或退款',
    instead: 'Cancel it, then refund a payment of it.',
    insteadZh: '请先取消，再对其付款退款。',
  },
  invoiceVerbs: { what: 'such step by hand', whatZh: '手动执行此操作', ...atStripe },
  setupFees: {
    what: 'setup fee of ours',
    whatZh: '本系统的开通费',
    instead: 'Sell the plan without one, or let the engine bill it.',
    insteadZh: '请使用不含开通费的套餐，或由本系统计费。',
  },
} as const satisfies Record<string, Limit>

/** Refuses `not_for_mirrored`, naming what there is not and what to do instead. */
export const notForMirrored = (limit: keyof typeof limits): never =>
  refuse('not_for_mirrored', { ...limits[limit] })

/** An invoice that Stripe issued is withdrawn, given up and credited there. */
export function assertOurs(invoice: Pick<Invoice, 'processorId'>): void {
  if (invoice.processorId !== null) notForMirrored('invoiceVerbs')
}
