// What happened, newest first, grouped by day: who did it stands beside it where the log says so.
import {
  EmptyTeach,
  ErrorCard,
  LinesSkeleton,
  useBilling,
} from '@quittance/billing-react/billing-react'
import { date, money, tableTime } from '@quittance/billing-react/formats'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { AuditRow, EventRow } from '../data/wire.ts'
import { eventName } from '../words/catalogue.ts'
import { useWords } from '../words/words.ts'
import { minorText } from './minor.ts'
import type { RecordPages } from './record-list.tsx'

/** What every timeline shows of an event; those of a moved clock have no id. */
export type TimelineEvent = Pick<EventRow, 'type' | 'objectId' | 'occurredAt' | 'data'> & {
  readonly key: string
  readonly actor?: string | undefined
}

type Facts = Readonly<Record<string, unknown>>

const textOf = (data: Facts, ...names: readonly string[]): string | null => {
  for (const name of names) {
    const value = data[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return null
}

/** A number or plan that the event names beside its object. */
const subjectOf = (data: Facts): string | null =>
  textOf(
    data,
    'invoiceNumber',
    'creditNoteNumber',
    'number',
    'planCode',
    'plan',
    'metric',
    'reason',
  )

/** The amount of an event, written out from its minor units. */
function amountOf(data: Facts, language: 'en' | 'zh-CN'): string | null {
  const minor = [data.amountMinor, data.totalMinor, data.amountDueMinor].find(
    each => typeof each === 'number',
  )
  const { currency } = data
  return typeof minor === 'number' && typeof currency === 'string'
    ? money(minorText(minor, currency), currency, language, 'code')
    : null
}

const byDay = (events: readonly TimelineEvent[], dayOf: (at: string) => string) => {
  const days = new Map<string, TimelineEvent[]>()
  for (const event of events) {
    const day = dayOf(event.occurredAt)
    days.set(day, [...(days.get(day) ?? []), event])
  }
  return [...days]
}

function Entry({ event }: { readonly event: TimelineEvent }): ReactNode {
  const t = useWords()
  const { reader } = useBilling()
  const subject = subjectOf(event.data)
  const amount = amountOf(event.data, reader.language)
  return (
    <li className="op-event">
      <span className="op-event-time">{tableTime(event.occurredAt, reader)}</span>
      <span className="op-event-text">
        <span className="qt-strong">{eventName(event.type, t)}</span>
        {subject ? (
          <span>
            {' '}
            <bdi>{subject}</bdi>
          </span>
        ) : null}
        <span className="qt-secondary qt-small op-event-more">
          <code className="qt-code op-id">{event.objectId}</code>
          {event.actor ? <bdi>{t('tenant.by', { actor: event.actor })}</bdi> : null}
        </span>
      </span>
      <span className="op-figures">{amount}</span>
    </li>
  )
}

/** Events by day, in the order they come in. */
export function Timeline({ events }: { readonly events: readonly TimelineEvent[] }): ReactNode {
  const { reader } = useBilling()
  return byDay(events, at => date(at, reader)).map(([day, ofDay]) => (
    <section key={day} className="op-day" aria-label={day}>
      <h3 className="op-day-name">{day}</h3>
      <ul>
        {ofDay.map(event => (
          <Entry key={event.key} event={event} />
        ))}
      </ul>
    </section>
  ))
}

const keyOf = (type: string, objectId: string, recordedAt: string) =>
  `${type} ${objectId} ${recordedAt}`

/** The timeline of what was read, with the actors of the audit log where they are known. */
export function ReadTimeline({
  pages,
  audit,
}: {
  readonly pages: RecordPages<EventRow>
  readonly audit?: readonly AuditRow[] | undefined
}): ReactNode {
  const t = useWords()
  const { items, error, refetch } = pages
  if (error && items === undefined) return <ErrorCard error={error} onRetry={() => refetch()} />
  if (items === undefined) return <LinesSkeleton lines={6} />
  if (items.length === 0) return <EmptyTeach title={t('tenant.timelineEmpty')} />
  const actors = new Map(
    (audit ?? []).map(line => [keyOf(line.action, line.objectId, line.recordedAt), line.actor]),
  )
  const events = items.map(event => ({
    ...event,
    key: event.id,
    actor: actors.get(keyOf(event.type, event.objectId, event.recordedAt)),
  }))
  return (
    <>
      <Timeline events={events} />
      {pages.hasNextPage ? (
        <div className="op-below">
          <Button
            loading={pages.isFetchingNextPage ?? false}
            onClick={() => pages.fetchNextPage?.()}
          >
            {t('list.more')}
          </Button>
        </div>
      ) : null}
    </>
  )
}
