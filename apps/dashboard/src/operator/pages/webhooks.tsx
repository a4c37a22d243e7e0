// The inbox of the processor's events: what arrived, what became of it, and applying it again.
import {
  ErrorCard,
  LinesSkeleton,
  type Tone,
  useBilling,
} from '@quittance/billing-react/billing-react'
import { useWrite } from '@quittance/billing-react/data/write'
import { Button } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { type Search, useAddress } from '../address.ts'
import { useWebhookEvent, useWebhookEvents, webhookFilter } from '../data/operations.ts'
import type { WebhookRow } from '../data/wire.ts'
import { Id, TenantLink, Time } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { eventReason } from '../parts/event-reason.ts'
import { FactList } from '../parts/fact-list.tsx'
import { FilterDay, FilterSelect, FilterText } from '../parts/filters.tsx'
import { Payload } from '../parts/payload.tsx'
import { PeekButton, PeekDrawer, usePeek } from '../parts/peek.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { ToneChip } from '../parts/tone-chip.tsx'
import { useWords } from '../words/words.ts'

const statuses = ['received', 'applied', 'ignored', 'failed', 'dead'] as const

const tones: Readonly<Record<(typeof statuses)[number], Tone>> = {
  received: 'info',
  applied: 'good',
  ignored: 'neutral',
  failed: 'warn',
  dead: 'bad',
}

function State({ status }: { readonly status: string }): ReactNode {
  const t = useWords()
  const known = statuses.find(each => each === status)
  return known ? <ToneChip tone={tones[known]}>{t(`webhook.${known}`)}</ToneChip> : status
}

function useColumns(): readonly Column<WebhookRow>[] {
  const t = useWords()
  return useMemo<readonly Column<WebhookRow>[]>(
    () => [
      {
        key: 'received',
        header: t('webhook.receivedAt'),
        cell: row => <Time at={row.receivedAt} />,
        plain: row => row.receivedAt,
      },
      {
        key: 'type',
        header: t('webhook.type'),
        slot: 'title',
        cell: row => <PeekButton id={row.id}>{row.type}</PeekButton>,
        plain: row => row.type,
      },
      {
        key: 'object',
        header: t('webhook.object'),
        slot: 'note',
        cell: row => <Id text={row.objectId} />,
        plain: row => row.objectId,
      },
      {
        key: 'tenant',
        header: t('invoices.tenant'),
        cell: row => (row.tenantId ? <TenantLink tenantId={row.tenantId} /> : '—'),
        plain: row => row.tenantId,
      },
      {
        key: 'state',
        header: t('list.status'),
        slot: 'status',
        cell: row => <State status={row.status} />,
        plain: row => row.status,
      },
      {
        key: 'attempts',
        header: t('webhook.attempts'),
        figures: true,
        cell: row => row.attempts,
        plain: row => row.attempts,
      },
      {
        key: 'replays',
        header: t('webhook.replays'),
        figures: true,
        cell: row => row.replays,
        plain: row => row.replays,
      },
    ],
    [t],
  )
}

function Replay({ event }: { readonly event: WebhookRow }): ReactNode {
  const t = useWords()
  const replay = useWrite((client, id: string, options) => client.replayWebhookEvent(id, options))
  const told = replay.data
  return (
    <>
      <p className="qt-secondary">{t('webhook.replayHint')}</p>
      <div className="qt-actions">
        <Button type="primary" loading={replay.isPending} onClick={() => replay.mutate(event.id)}>
          {t('webhook.replay')}
        </Button>
      </div>
      <div className="op-told" role="status">
        {told ? (
          <>
            {t('webhook.replayed', { count: told.replays })} <State status={told.status} />
          </>
        ) : null}
      </div>
      {replay.error ? <ErrorCard of="action" error={replay.error} /> : null}
    </>
  )
}

function Detail({ id }: { readonly id: string }): ReactNode {
  const t = useWords()
  const peek = usePeek()
  const { data, error, refetch } = useWebhookEvent(id)
  return (
    <PeekDrawer title={data?.type ?? t('webhook.title')} onClose={peek.close}>
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : null}
      {data ? (
        <>
          <FactList
            facts={[
              { name: t('list.status'), value: <State status={data.status} /> },
              { name: t('webhook.reason'), value: data.reason ? eventReason(data.reason, t) : '—' },
              { name: t('webhook.object'), value: <Id text={data.objectId} /> },
              {
                name: t('webhook.subject'),
                value: data.subject ? <Id text={data.subject} /> : t('webhook.noSubject'),
              },
              {
                name: t('invoices.tenant'),
                value: data.tenantId ? <TenantLink tenantId={data.tenantId} /> : '—',
              },
              {
                name: t('webhook.source'),
                value: t(data.source === 'backfill' ? 'webhook.found' : 'webhook.delivered'),
              },
              { name: t('webhook.occurredAt'), value: <Time at={data.occurredAt} /> },
              { name: t('webhook.receivedAt'), value: <Time at={data.receivedAt} /> },
              { name: t('webhook.processedAt'), value: <Time at={data.processedAt} /> },
              { name: t('webhook.attempts'), value: data.attempts },
              { name: t('webhook.next'), value: <Time at={data.nextAttempt} /> },
            ]}
          />
          <Replay event={data} />
          <h3 className="qt-section-title">{t('webhook.payload')}</h3>
          <Payload label={t('webhook.payload')} text={JSON.stringify(data.payload, null, 2)} />
        </>
      ) : null}
      {!data && !error ? <LinesSkeleton lines={8} /> : null}
    </PeekDrawer>
  )
}

/** Replays all that a filter finds, a portion at a time, until it is stopped or done. */
function ReplayAll({ search }: { readonly search: Search }): ReactNode {
  const t = useWords()
  const { client, queryClient, scope } = useBilling()
  const [count, setCount] = useState<number | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const filter = webhookFilter(search)
  const run = async () => {
    setBusy(true)
    setProblem(null)
    try {
      const { replayed } = await client.replayWebhookEvents(filter)
      setCount(replayed)
    } catch (error) {
      setProblem(error)
    } finally {
      await queryClient.invalidateQueries({ queryKey: scope })
      setBusy(false)
    }
  }
  if (Object.keys(filter).length === 0) return null
  return (
    <>
      <Button loading={busy} onClick={run}>
        {t('webhook.replayAll')}
      </Button>
      <span role="status">{count === null ? null : t('webhook.replayedAll', { count })}</span>
      {problem ? <ErrorCard of="action" error={problem} /> : null}
    </>
  )
}

export function WebhooksPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const pages = useWebhookEvents(search)
  const columns = useColumns()
  const peek = usePeek()
  const isFiltered = Object.keys(webhookFilter(search)).length > 0
  return (
    <ConsolePage
      title={t('webhook.title')}
      intro={t('webhook.intro')}
      actions={<ReplayAll search={search} />}
    >
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterSelect
          name="status"
          label={t('list.status')}
          choices={statuses.map(value => ({ value, label: t(`webhook.${value}`) }))}
        />
        <FilterText name="type" label={t('webhook.type')} />
        <FilterText name="objectId" label={t('webhook.object')} />
        <FilterText name="tenantId" label={t('tenants.id')} />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      <RecordList
        caption={t('webhook.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.id)}
        exportName="webhook-events"
        empty={
          isFiltered
            ? { title: t('list.none'), hint: t('list.noneHint') }
            : { title: t('webhook.empty'), hint: t('webhook.emptyHint') }
        }
      />
      {peek.id ? <Detail key={peek.id} id={peek.id} /> : null}
    </ConsolePage>
  )
}
