// The top of the overview: what is due now, or else what comes next and on which day.

import { type ReactNode, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import type {
  InvoiceWire,
  PlanWire,
  SubscriptionUsageWire,
  SubscriptionWire,
} from '../../data/wire.ts'
import { date } from '../../formats.ts'
import { Button, PageLink } from '../../parts/button.tsx'
import { Money } from '../../parts/money.tsx'
import { DoneNotice } from '../../parts/notices.tsx'
import { Section } from '../../parts/section.tsx'
import { StateSentence, StatusChip } from '../../parts/status-chip.tsx'
import { invoiceState } from '../../states/invoice-state.ts'
import { PayDialog } from '../invoices/pay-dialog.tsx'
import { type NextCharge, nextCharge, nextTerms, priceOf } from '../plan/plan-facts.ts'
import { UpcomingLines } from './upcoming-lines.tsx'

interface DueNowProps {
  /** Open invoices, the longest due first; at least one. */
  readonly invoice: InvoiceWire
  readonly others: number
  readonly onDone: (text: string) => void
}

function DueNow({ invoice, others, onDone }: DueNowProps): ReactNode {
  const { t, reader, links } = useBilling()
  const [paying, setPaying] = useState(false)
  const state = invoiceState(invoice, reader)
  const amount = { money: invoice.amountDue, currency: invoice.currency }
  const number = invoice.invoiceNumber ?? ''
  const due = invoice.dueDate ?? invoice.issuedAt ?? invoice.createdAt
  return (
    <Section title={t('overview.dueNow')}>
      <p className="qt-hero">
        <Money value={invoice.amountDue} currency={invoice.currency} size="large" />
        <StatusChip chip={state.chip} />
      </p>
      <p>
        <PageLink href={links.invoice?.(invoice.id)}>
          {t('overview.dueOn', { number, date: { date: due } })}
        </PageLink>
      </p>
      <p className="qt-secondary">
        <StateSentence sentence={state.sentence} />
      </p>
      <div className="qt-row-actions">
        {state.chip.icon === 'sync' ? null : (
          <Button kind="primary" onClick={() => setPaying(true)}>
            {t('invoice.pay', { amount })}
          </Button>
        )}
        {others > 0 ? (
          <PageLink href={links.invoices}>{t('overview.dueOther', { count: others })}</PageLink>
        ) : null}
      </div>
      {paying ? (
        <PayDialog invoice={invoice} onClose={() => setPaying(false)} onDone={onDone} />
      ) : null}
    </Section>
  )
}

interface NextProps {
  readonly subscription: SubscriptionWire | null
  readonly plans: readonly PlanWire[]
  readonly usage: SubscriptionUsageWire | undefined
}

const titleKeys = {
  renewal: 'overview.next.renewal',
  first: 'overview.next.first',
  final: 'overview.next.final',
  none: 'overview.next.none',
  paused: 'overview.next.paused',
} as const satisfies Record<NextCharge, string>

function Next({ subscription, plans, usage, isSmall }: NextProps & { readonly isSmall: boolean }) {
  const { t, reader } = useBilling()
  if (subscription === null) return null
  const next = nextCharge(subscription)
  const free = isFree(subscription, plans)
  const title = t(free ? titleKeys.none : titleKeys[next])
  if (next === 'none' || next === 'paused' || free) {
    return (
      <Section title={title}>
        <p>{t(free ? 'plan.change.freeNow' : 'overview.next.noneHint')}</p>
      </Section>
    )
  }
  const at = next === 'first' ? subscription.trialEnd : null
  return (
    <Section title={title}>
      <p className={isSmall ? 'qt-name' : 'qt-hero qt-money-large'}>
        {date(at ?? subscription.currentPeriodEnd, reader)}
      </p>
      <UpcomingLines subscription={subscription} usage={usage} isFinal={next === 'final'} />
      <p className="qt-secondary qt-small">
        {t(next === 'final' ? 'overview.next.finalHint' : 'overview.next.totalUnknown')}
      </p>
    </Section>
  )
}

/** Whether what comes next has a price of 0. */
function isFree(subscription: SubscriptionWire, plans: readonly PlanWire[]): boolean {
  const terms = nextTerms(subscription)
  const plan = plans.find(each => each.code === terms.plan)
  return priceOf(plan, terms.billingCycle, subscription.currency)?.amount === 0
}

export interface ChargeProps extends NextProps {
  readonly open: readonly InvoiceWire[]
}

/** What is due now where something is, and what comes next. */
export function Charge({ open, ...next }: ChargeProps): ReactNode {
  const [done, setDone] = useState<string | null>(null)
  const first = open[0]
  return (
    <>
      <DoneNotice text={done} />
      {first ? <DueNow invoice={first} others={open.length - 1} onDone={setDone} /> : null}
      <Next {...next} isSmall={first !== undefined} />
    </>
  )
}
