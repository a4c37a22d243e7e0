// Objects of Stripe Billing, read afresh: they become our copies. Those of subscriptions that our own engine
// bills do not exist there.
import { applied, ignored, type Verdict } from '../../core/inbox.ts'
import type { Deps } from '../../deps.ts'
import type { ProcessorObject } from '../../ports/processor.ts'
import { mirrorInvoice } from '../mirror/mirror-invoice.ts'
import { isLeft, type Left, mirrorSubscription } from '../mirror/mirror-subscription.ts'

type ObjectOf<K extends ProcessorObject['kind']> = Extract<ProcessorObject, { kind: K }>

/** What an operator can mend (a customer or a price to be mapped) is tried again and then kept as dead. */
const verdictOf = (result: { readonly tenantId: string } | Left): Verdict => {
  if (!isLeft(result)) return applied(result.tenantId)
  return result.mends ? { state: 'failed', reason: result.left } : ignored(result.left)
}

export const mirrorSubscriptionObject = async (
  deps: Deps,
  { facts }: ObjectOf<'subscription'>,
): Promise<Verdict> => verdictOf(await mirrorSubscription(deps, facts))

export const mirrorInvoiceObject = async (
  deps: Deps,
  { facts }: ObjectOf<'invoice'>,
): Promise<Verdict> => verdictOf(await mirrorInvoice(deps, facts))
