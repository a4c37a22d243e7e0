// The time machine of test tenants: the clock moves step by step, and what falls due on the way drops in.
import {
  EmptyTeach,
  ErrorCard,
  LinesSkeleton,
  useBilling,
} from '@quittance/billing-react/billing-react'
import { useWrite } from '@quittance/billing-react/data/write'
import { dateTime } from '@quittance/billing-react/formats'
import { Button, Progress } from 'antd'
import { type ReactNode, useState } from 'react'
import { Field } from '../acts/act-drawer.tsx'
import { useAddress } from '../address.ts'
import { useClock } from '../data/clock.ts'
import { TenantLink } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FilterText } from '../parts/filters.tsx'
import { type Span, spans } from '../parts/steps.ts'
import { Timeline } from '../parts/timeline.tsx'
import { type Journey, useJourney } from '../parts/use-journey.ts'
import { eventName } from '../words/catalogue.ts'
import { useWords } from '../words/words.ts'

/** How often what happened, by kind: events are counted, no amounts are added. */
function Summary({ journey }: { readonly journey: Journey }): ReactNode {
  const t = useWords()
  const counts = new Map<string, number>()
  for (const { type } of journey.events) counts.set(type, (counts.get(type) ?? 0) + 1)
  if (counts.size === 0) return null
  return (
    <section aria-label={t('clock.summary')}>
      <h2 className="qt-section-title">{t('clock.summary')}</h2>
      <ul className="op-counts">
        {[...counts]
          .toSorted((a, b) => b[1] - a[1])
          .map(([type, count]) => (
            <li key={type}>
              {eventName(type, t)} <strong>{count}</strong>
            </li>
          ))}
      </ul>
    </section>
  )
}

function Steps({ journey, now }: { readonly journey: Journey; readonly now: string }): ReactNode {
  const t = useWords()
  const [date, setDate] = useState('')
  const go = (span: Span) => void journey.go(now, span)
  return (
    <>
      <div className="qt-actions">
        {spans.map(span => (
          <Button key={span} disabled={journey.isMoving} onClick={() => go(span)}>
            {t(`clock.${span}`)}
          </Button>
        ))}
      </div>
      <form
        className="op-filters"
        onSubmit={event => {
          event.preventDefault()
          if (date) void journey.goTo(now, `${date}T00:00:00.000Z`)
        }}
      >
        <Field label={t('clock.toDate')} type="date" value={date} onChange={setDate} />
        <Button htmlType="submit" disabled={journey.isMoving || date === ''}>
          {t('clock.toDateGo')}
        </Button>
      </form>
      {journey.isMoving ? (
        <div className="op-below">
          <Progress
            className="op-progress"
            percent={journey.percent}
            aria-label={t('clock.progress')}
            size="small"
          />
          <Button onClick={journey.stop}>{t('clock.stop')}</Button>
        </div>
      ) : null}
    </>
  )
}

function Machine({ tenantId, now }: { readonly tenantId: string; readonly now: string }) {
  const t = useWords()
  const { reader } = useBilling()
  const journey = useJourney(tenantId)
  const at = journey.now ?? now
  return (
    <div className="op-machine">
      <p>
        <TenantLink tenantId={tenantId} />
      </p>
      <p className="op-clock" aria-live="polite">
        {dateTime(at, reader)}
      </p>
      <Steps journey={journey} now={at} />
      {journey.error ? <ErrorCard of="action" error={journey.error} /> : null}
      <p role="status" className="qt-secondary">
        {journey.isDone ? t('clock.arrived', { count: journey.events.length }) : null}
      </p>
      {journey.isMoving ? null : <Summary journey={journey} />}
      {journey.events.length > 0 ? (
        <Timeline events={journey.events} />
      ) : (
        <EmptyTeach title={t('clock.still')} />
      )}
    </div>
  )
}

/** A tenant without records can be given a clock of its own, for ever. */
function GiveClock({ tenantId }: { readonly tenantId: string }): ReactNode {
  const t = useWords()
  const give = useWrite((client, tenant: string, options) =>
    client.setTestClock({}, { ...options, tenantId: tenant }),
  )
  return (
    <EmptyTeach title={t('clock.live')} hint={t('clock.liveHint')}>
      <Button loading={give.isPending} onClick={() => give.mutate(tenantId)}>
        {t('clock.give')}
      </Button>
      {give.error ? <ErrorCard of="action" error={give.error} /> : null}
    </EmptyTeach>
  )
}

function Chosen({ tenantId }: { readonly tenantId: string }): ReactNode {
  const clock = useClock(tenantId)
  if (clock.error) return <ErrorCard error={clock.error} onRetry={() => clock.refetch()} />
  if (!clock.data) return <LinesSkeleton lines={4} />
  if (clock.data.kind !== 'test') return <GiveClock tenantId={tenantId} />
  return <Machine tenantId={tenantId} now={clock.data.now} />
}

export function TimeMachinePage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const { tenantId } = search
  return (
    <ConsolePage title={t('clock.title')} intro={t('clock.intro')}>
      <div className="op-violet">
        <search className="op-filters" aria-label={t('list.filters')}>
          <FilterText name="tenantId" label={t('tenants.id')} />
        </search>
        {tenantId ? (
          <Chosen key={tenantId} tenantId={tenantId} />
        ) : (
          <EmptyTeach title={t('clock.choose')} hint={t('clock.chooseHint')} />
        )}
      </div>
    </ConsolePage>
  )
}
