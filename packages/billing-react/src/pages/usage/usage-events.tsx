// The single events of a metric, for those who may audit usage: when, how much, under which key, and whether late.
import type { ReactNode } from 'react'
import { type Billing, useBilling } from '../../billing-context.ts'
import { useUsageEvents } from '../../data/read.ts'
import type { UsageEventWire } from '../../data/wire.ts'
import { quantity, tableTime } from '../../formats.ts'
import { Button } from '../../parts/button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { EmptyTeach, ErrorCard } from '../../parts/notices.tsx'
import { Section } from '../../parts/section.tsx'
import { TableSkeleton } from '../../parts/skeletons.tsx'

function noteOf(row: UsageEventWire, { t }: Billing): string {
  const corrects = row.corrects ? t('usage.corrects', { key: row.corrects }) : ''
  return row.late ? t('usage.late') : corrects
}

function columnsFor(billing: Billing): Column<UsageEventWire>[] {
  const { t, reader } = billing
  return [
    {
      key: 'time',
      header: t('usage.eventTime'),
      slot: 'title',
      cell: row => tableTime(row.timestamp, reader),
      value: row => row.timestamp,
    },
    {
      key: 'key',
      header: t('usage.eventKey'),
      slot: 'note',
      cell: row => <span className="qt-code qt-anywhere">{row.idempotencyKey}</span>,
      value: row => row.idempotencyKey,
    },
    {
      key: 'note',
      header: t('usage.eventNote'),
      slot: 'status',
      cell: row => noteOf(row, billing),
      value: row => noteOf(row, billing),
    },
    {
      key: 'quantity',
      header: t('usage.quantity'),
      figures: true,
      slot: 'amount',
      cell: row => quantity(row.quantity, reader.language),
      value: row => row.quantity,
    },
  ]
}

export interface UsageEventsProps {
  readonly subscriptionId: string
  readonly metric: string
}

export function UsageEvents({ subscriptionId, metric }: UsageEventsProps): ReactNode {
  const billing = useBilling()
  const { t } = billing
  const events = useUsageEvents(subscriptionId, metric)
  const { items } = events
  return (
    <Section title={t('usage.events')} note={t('usage.eventsHint')}>
      {events.isPending ? <TableSkeleton rows={5} /> : null}
      {events.isError ? <ErrorCard error={events.error} onRetry={() => events.refetch()} /> : null}
      {items?.length === 0 ? <EmptyTeach title={t('usage.noEvents')} /> : null}
      {items && items.length > 0 ? (
        <DataTable
          caption={t('usage.events')}
          columns={columnsFor(billing)}
          rows={items}
          rowKey={row => row.idempotencyKey}
          exportAs={`usage-events-${metric}`}
        />
      ) : null}
      {events.hasNextPage ? (
        <Button busy={events.isFetchingNextPage} onClick={() => events.fetchNextPage()}>
          {t('common.more')}
        </Button>
      ) : null}
    </Section>
  )
}
