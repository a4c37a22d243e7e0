// What the holder of a link to an invoice can do next. Pure: the page draws it.
import type { PayLinkView } from '@quittance/billing-client/pay-link'

/**
 * `due`: can be paid now. `confirm`: a try waits for its payer. `pending`: a try was sent and has no answer.
 * `processing`: a bank debit is on its way. `over`: withdrawn. What is written off can still be paid.
 */
export type PayLinkState = 'due' | 'confirm' | 'pending' | 'processing' | 'paid' | 'over'

export type PayLinkForState = Pick<PayLinkView, 'status' | 'amountDue'> & {
  readonly lastTry: Pick<
    NonNullable<PayLinkView['lastTry']>,
    'status' | 'method' | 'nextActionUrl'
  > | null
}

/** Only addresses that a browser opens as a page; anything else is no way to confirm. */
const isPageAddress = (address: string | null): address is string =>
  address !== null && /^https?:\/\//.test(address)

/** Where the payer confirms the try that waits, or null. */
export function confirmAddress({ lastTry }: Pick<PayLinkForState, 'lastTry'>): string | null {
  const waits = lastTry?.status === 'requires_action' && lastTry.method !== null
  return waits && isPageAddress(lastTry.nextActionUrl) ? lastTry.nextActionUrl : null
}

/**
 * Whether a hosted page to pay on is open. It has no method until somebody pays there, and it stands in the way
 * of nothing: paying here closes it first.
 */
export const hasOpenCheckout = ({ lastTry }: Pick<PayLinkForState, 'lastTry'>): boolean =>
  lastTry?.method === null && ['pending', 'requires_action'].includes(lastTry.status)

export function payLinkState(view: PayLinkForState): PayLinkState {
  if (view.status === 'paid') return 'paid'
  if (view.status === 'processing') return 'processing'
  if (view.status !== 'open' && view.status !== 'uncollectible') return 'over'
  if (view.amountDue <= 0) return 'paid'
  if (confirmAddress(view) !== null) return 'confirm'
  const running = ['pending', 'requires_action'].includes(view.lastTry?.status ?? '')
  return running && !hasOpenCheckout(view) ? 'pending' : 'due'
}

const soonMs = 3_000
const laterMs = 30_000

/** How long to wait before looking again, in milliseconds; false where nothing changes by itself. */
export function nextLookMs(view: PayLinkForState): number | false {
  const state = payLinkState(view)
  if (state === 'processing') return laterMs
  return state === 'pending' || state === 'confirm' || (state === 'due' && hasOpenCheckout(view))
    ? soonMs
    : false
}
