// The page behind a signed link to an invoice: what is owed, a way to pay it, and what became of it. It needs no
// sign-in; what it knows comes with the link.
import { BillingError } from '@quittance/billing-client/error'
import { createPayLinkClient, type PayLinkClient } from '@quittance/billing-client/pay-link'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import { BillingContext, useBilling } from '../../billing-context.ts'
import { type PayLinkView, usePayLink } from '../../data/pay-link.ts'
import { type Language, zoneName } from '../../formats.ts'
import { Money } from '../../parts/money.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { StatusChip } from '../../parts/status-chip.tsx'
import { BillingProvider, type BillingTheme } from '../../provider.tsx'
import { daysOverdue } from '../../states/invoice-state.ts'
import { type PayLinkState, payLinkState } from '../../states/pay-link-state.ts'
import { type Chip, chip } from '../../states/state.ts'
import '../../styles/pay-link.css'
import { sayFor, translateFor } from '../../words/words.ts'
import { LinkFacts, LinkTitle } from './link-facts.tsx'
import { LinkLines } from './link-lines.tsx'
import { DeadLink, PaidLink, ToConfirm, UnderWay, WithdrawnLink } from './link-outcomes.tsx'
import { PayForm } from './pay-form.tsx'

export interface PayLinkPageProps {
  /** The last part of the link's address. */
  readonly linkToken: string
  readonly language: Language
  readonly theme?: BillingTheme
  /** Gateway or service; default: the page's own origin. */
  readonly baseUrl?: string
  /** Opens a page of the processor or of a bank; default: in this tab. */
  readonly leave?: (address: string) => void
  /** What stands above: the host's own bar. */
  readonly children?: ReactNode
}

interface LinkProps {
  readonly client: PayLinkClient
  readonly leave: (address: string) => void
}

function dueChip(view: PayLinkView, moment: { at: number; zone: string }): Chip | null {
  const count = daysOverdue(view, moment)
  if (count > 0) return chip('warn', 'clock', { key: 'invoice.chip.overdue', values: { count } })
  if (view.dueDate === null) return null
  return chip('info', 'calendar', {
    key: 'invoice.chip.due',
    values: { day: { day: view.dueDate } },
  })
}

function DueLink({ view, ...link }: LinkProps & { readonly view: PayLinkView }): ReactNode {
  const { t, reader } = useBilling()
  const due = dueChip(view, reader)
  const number = view.invoiceNumber ?? ''
  return (
    <>
      <LinkTitle>
        {view.purpose === 'fix' ? t('pay.fixTitle', { number }) : t('invoice.payTitle', { number })}
      </LinkTitle>
      <div className="qt-hero">
        <Money value={view.amountDue} currency={view.currency} size="large" />
        {due ? <StatusChip chip={due} /> : null}
      </div>
      <LinkFacts view={view} />
      {view.status === 'uncollectible' ? <p>{t('pay.writtenOff')}</p> : null}
      <LinkLines view={view} />
      <PayForm key={reader.language} view={view} {...link} />
    </>
  )
}

/** When another state takes the place of one, its heading is read out: it may have come by itself. */
function useAnnounced(state: PayLinkState) {
  const place = useRef<HTMLDivElement>(null)
  const shown = useRef(state)
  useEffect(() => {
    if (shown.current === state) return
    shown.current = state
    place.current?.querySelector('h1')?.focus()
  }, [state])
  return place
}

function SandboxMark(): ReactNode {
  const { t } = useBilling()
  return <p className="qt-chip qt-tone-planned qt-pay-sandbox">{t('pay.sandbox')}</p>
}

function ShownLink(props: LinkProps & { readonly view: PayLinkView }): ReactNode {
  const state = payLinkState(props.view)
  const place = useAnnounced(state)
  return (
    <div className="qt-pay-sheet" ref={place}>
      {props.view.processor === 'sandbox' ? <SandboxMark /> : null}
      <LinkInState state={state} {...props} />
    </div>
  )
}

interface LinkInStateProps extends LinkProps {
  readonly state: PayLinkState
  readonly view: PayLinkView
}

function LinkInState({ state, view, ...link }: LinkInStateProps): ReactNode {
  switch (state) {
    case 'due':
      return <DueLink view={view} {...link} />
    case 'confirm':
      return <ToConfirm view={view} />
    case 'pending':
      return <UnderWay view={view} isDebit={false} />
    case 'processing':
      return <UnderWay view={view} isDebit />
    case 'paid':
      return <PaidLink view={view} />
    case 'over':
      return <WithdrawnLink view={view} />
  }
}

/** Dates stand in the zone that the payer's mails and documents have. */
function InZone({ zone, children }: { readonly zone: string; readonly children: ReactNode }) {
  const billing = useBilling()
  const { t } = billing
  const zoned = useMemo(() => {
    const reader = { ...billing.reader, zone }
    const say: typeof billing.say = sentence => sayFor(sentence, reader)
    return { ...billing, reader, t: translateFor(reader), say }
  }, [billing, zone])
  return (
    <BillingContext value={zoned}>
      {children}
      <footer className="qt-foot">{t('common.zone', { zone: zoneName(zoned.reader) })}</footer>
    </BillingContext>
  )
}

function OpenedLink(props: LinkProps & { readonly linkToken: string }): ReactNode {
  const { linkToken, ...link } = props
  const read = usePayLink(link.client, linkToken)
  if (read.data) {
    return (
      <InZone zone={read.data.zone}>
        <ShownLink view={read.data} {...link} />
      </InZone>
    )
  }
  if (read.isPending) return <LinesSkeleton lines={6} />
  const isDead = read.error instanceof BillingError && read.error.status === 404
  return isDead ? <DeadLink /> : <ErrorCard error={read.error} onRetry={() => read.refetch()} />
}

const leaveHere = (address: string) => location.assign(address)
const noRoles = [] as const

/** The whole page behind a link, with its own surroundings: no provider is needed around it. */
export function PayLinkPage(props: PayLinkPageProps): ReactNode {
  const { linkToken, language, theme = 'system', baseUrl = '', leave = leaveHere } = props
  const client = useMemo(
    () => createPayLinkClient({ baseUrl, linkToken, language }),
    [baseUrl, linkToken, language],
  )
  return (
    <BillingProvider
      baseUrl={baseUrl}
      token=""
      roles={noRoles}
      language={language}
      theme={theme}
      zone="UTC"
    >
      {props.children}
      <main className="qt-pay">
        <OpenedLink client={client} linkToken={linkToken} leave={leave} />
      </main>
    </BillingProvider>
  )
}
