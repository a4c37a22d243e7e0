// The facts of mails about a subscription, read when the mail is written.

import { amountDueMinor } from '../../core/invoice.ts'
import type { Mail } from '../../core/mail.ts'
import { type Plan, priceOf } from '../../core/plan.ts'
import type { Subscription } from '../../core/subscription.ts'
import { isHardCap } from '../../core/usage-price.ts'
import type { MailFacts, MailSubject } from '../../notifications/facts.ts'
import { type About, overtaken } from './about.ts'
import { fixLink, methodsLink, planLink, usageLink } from './links.ts'
import { methodToChargeText, planFacts, type Reader, readerOf, type Writing } from './reader.ts'

interface Loaded extends Writing {
  readonly mail: Mail
  readonly reader: Reader
  readonly subscription: Subscription
  readonly plan: Plan
}

async function load(writing: Writing, mail: Mail): Promise<Loaded> {
  const subscription = await writing.reads.get('subscriptions', mail.objectId)
  const plan = await writing.reads.get('plans', subscription.planId)
  const reader = await readerOf(writing, subscription.customerId)
  return { ...writing, mail, reader, subscription, plan }
}

const about = ({ reader }: Loaded, subject: MailSubject): About => ({ reader, subject, pdf: null })

const factsNow = ({ plan, subscription }: Loaded) => {
  const { currency, billingCycle: cycle, quantity } = subscription
  return planFacts(plan, priceOf(plan, currency, cycle), { cycle, quantity })
}

const method = (loaded: Loaded) =>
  methodToChargeText(loaded, loaded.reader, loaded.subscription.paymentMethodId)

export async function aboutWelcome(writing: Writing, mail: Mail): Promise<About | string> {
  const loaded = await load(writing, mail)
  const { subscription, deps } = loaded
  const { status, trialEnd, currentPeriodEnd } = subscription
  if (status !== 'active' && status !== 'trialing') return overtaken
  const facts = {
    plan: factsNow(loaded),
    trialEnd: status === 'trialing' ? trialEnd : null,
    nextChargeAt: currentPeriodEnd,
    url: planLink(deps),
  }
  return about(loaded, { kind: 'welcome', facts })
}

export async function aboutTrialEnding(writing: Writing, mail: Mail): Promise<About | string> {
  const loaded = await load(writing, mail)
  const { subscription, deps } = loaded
  if (subscription.status !== 'trialing' || subscription.cancelAtPeriodEnd) return overtaken
  const charged = await method(loaded)
  const facts = {
    plan: factsNow(loaded),
    endsAt: subscription.currentPeriodEnd,
    method: charged,
    url: charged === null ? methodsLink(deps) : planLink(deps),
  }
  return about(loaded, { kind: 'trial_ending', facts })
}

/** A change that waits for the period's end is what renews. */
async function factsAfter(loaded: Loaded) {
  const { subscription, reads } = loaded
  const change = subscription.pendingChange
  if (change === null || change.effectiveAt === null) return factsNow(loaded)
  const plan = await reads.get('plans', change.planId)
  const { billingCycle: cycle, quantity } = change
  return planFacts(plan, priceOf(plan, subscription.currency, cycle), { cycle, quantity })
}

export async function aboutRenewal(writing: Writing, mail: Mail): Promise<About | string> {
  const loaded = await load(writing, mail)
  const { subscription, deps } = loaded
  const renews = subscription.status === 'active' || subscription.status === 'past_due'
  if (!renews || subscription.cancelAtPeriodEnd) return overtaken
  const facts = {
    plan: await factsAfter(loaded),
    renewsAt: subscription.currentPeriodEnd,
    method: await method(loaded),
    url: planLink(deps),
  }
  return about(loaded, { kind: 'renewal_reminder', facts })
}

const before = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined)

/** What the subscription was before the event: events name plans by their codes. */
async function termsBefore({ mail, reads, subscription, plan }: Loaded) {
  const quantity = before(mail.data.quantity)
  const code = before(mail.data.planCode)
  const known = typeof code === 'string' && code !== plan.code
  const { rows } = known
    ? await reads.list('plans', { where: { code }, limit: 1 })
    : { rows: [plan] }
  return {
    name: rows[0]?.name ?? String(code),
    quantity: typeof quantity === 'number' ? quantity : subscription.quantity,
  }
}

export async function aboutPlanChanged(writing: Writing, mail: Mail): Promise<About | string> {
  const loaded = await load(writing, mail)
  if (loaded.subscription.endedAt !== null) return overtaken
  const facts = {
    plan: factsNow(loaded),
    before: await termsBefore(loaded),
    nextChargeAt: loaded.subscription.currentPeriodEnd,
    url: planLink(loaded.deps),
  }
  return about(loaded, { kind: 'plan_changed', facts })
}

export async function aboutScheduledChange(writing: Writing, mail: Mail): Promise<About | string> {
  const loaded = await load(writing, mail)
  const effectiveAt = loaded.subscription.pendingChange?.effectiveAt ?? null
  if (effectiveAt === null) return overtaken
  const { plan, subscription, deps } = loaded
  const facts = {
    plan: await factsAfter(loaded),
    before: { name: plan.name, quantity: subscription.quantity },
    effectiveAt,
    url: planLink(deps),
  }
  return about(loaded, { kind: 'plan_change_scheduled', facts })
}

export async function aboutCancellation(writing: Writing, mail: Mail): Promise<About | string> {
  const loaded = await load(writing, mail)
  const { subscription, plan, deps } = loaded
  const from = before(mail.data.status)
  const ended = subscription.endedAt !== null
  if (from === 'incomplete' || (!ended && !subscription.cancelAtPeriodEnd)) return overtaken
  const cause =
    mail.data.reason === 'payment_failed'
      ? 'unpaid'
      : mail.data.reason === 'payment_disputed'
        ? 'disputed'
        : from === 'trialing' && subscription.canceledAt === subscription.endedAt && ended
          ? 'trial'
          : 'asked'
  const facts = {
    plan: plan.name,
    endsAt: subscription.endedAt ?? subscription.currentPeriodEnd,
    ended,
    cause,
    url: planLink(deps),
  } as const
  return about(loaded, { kind: 'subscription_canceled', facts })
}

export async function aboutSuspension(writing: Writing, mail: Mail): Promise<About | string> {
  const loaded = await load(writing, mail)
  const { subscription, plan, deps, reads } = loaded
  const unpaid = subscription.status === 'unpaid'
  if (!unpaid && subscription.status !== 'paused') return overtaken
  const invoiceId = typeof mail.data.invoiceId === 'string' ? mail.data.invoiceId : null
  const invoice = unpaid && invoiceId !== null ? await reads.find('invoices', invoiceId) : null
  const trial = before(mail.data.status) === 'trialing'
  const facts: MailFacts['service_suspended'] = {
    plan: plan.name,
    cause: unpaid ? 'unpaid' : trial ? 'trial' : 'asked',
    owed:
      invoice === null
        ? null
        : {
            number: invoice.invoiceNumber ?? '',
            amountMinor: amountDueMinor(invoice),
            currency: invoice.currency,
          },
    url:
      invoice === null
        ? planLink(deps)
        : await fixLink(deps, { tenantId: mail.tenantId, invoiceId: invoice.id }),
  }
  return about(loaded, { kind: 'service_suspended', facts })
}

export async function aboutReturn(writing: Writing, mail: Mail): Promise<About | string> {
  const loaded = await load(writing, mail)
  if (loaded.subscription.status !== 'active') return overtaken
  const facts = { plan: loaded.plan.name, url: planLink(loaded.deps) }
  return about(loaded, { kind: 'service_restored', facts })
}

export async function aboutUsage(writing: Writing, mail: Mail): Promise<About | string> {
  const loaded = await load(writing, mail)
  const { plan, subscription, deps } = loaded
  const { metric, threshold, quantity, included } = mail.data
  if (typeof metric !== 'string' || typeof threshold !== 'number') return overtaken
  const facts = {
    plan: plan.name,
    metric,
    percent: threshold,
    used: String(quantity),
    included: String(included),
    resetsAt: subscription.currentPeriodEnd,
    capped: isHardCap(plan, metric),
    url: usageLink(deps),
  }
  return about(loaded, { kind: 'usage_alert', facts })
}
