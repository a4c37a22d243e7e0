// Why an event of the processor changed nothing, in the reader's language. What the service adds later, or says about
// a failure, stays as it wrote it.
import type { Translate } from '../words/catalogue.ts'

const keys = {
  'nothing follows from this event': 'webhook.because.unhandled',
  'nothing follows from such an object': 'webhook.because.unhandledObject',
  'the processor does not know the object any more': 'webhook.because.gone',
  'the object is none that is booked here': 'webhook.because.notBooked',
  'the object names no attempt of ours': 'webhook.because.notOurs',
  'balances are read with the payouts': 'webhook.because.balance',
  'a customer that is gone there is noticed at the next charge': 'webhook.because.customerGone',
  'our own record of a customer is the truth': 'webhook.because.customerOurs',
} as const

/** The reason of an event as the service stored it, for a reader. */
export const eventReason = (reason: string, t: Translate): string =>
  reason in keys ? t(keys[reason as keyof typeof keys]) : reason
