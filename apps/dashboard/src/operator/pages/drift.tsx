// Differences between our records and the processor's, and settling them.
import { ErrorCard, Money, type Tone, useBilling } from '@quittance/billing-react/billing-react'
import { useWrite } from '@quittance/billing-react/data/write'
import { money } from '@quittance/billing-react/formats'
import { Button } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { Field } from '../acts/act-drawer.tsx'
import { useAddress } from '../address.ts'
import { useDrift } from '../data/operations.ts'
import type { DriftRow } from '../data/wire.ts'
import { amountColumn, currencyColumn, Id, TenantLink, Time } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { FilterDay, FilterSelect, FilterText } from '../parts/filters.tsx'
import { minorText } from '../parts/minor.ts'
import { PeekButton, PeekDrawer, usePeek } from '../parts/peek.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { ToneChip } from '../parts/tone-chip.tsx'
import type { Translate } from '../words/catalogue.ts'
import { useWords } from '../words/words.ts'

const statuses = ['open', 'resolved', 'vanished'] as const
const tones: Readonly<Record<(typeof statuses)[number], Tone>> = {
  open: 'warn',
  resolved: 'good',
  vanished: 'neutral',
}
const fields = [
  'missing_here',
  'missing_there',
  'status',
  'amount',
  'currency',
  'fee',
  'net',
  'held',
  'plan',
  'quantity',
  'period_end',
  'cancels_at_period_end',
] as const
const objects = ['payment', 'refund', 'dispute', 'subscription'] as const
const moneyFields = ['amount', 'fee', 'net', 'held']

function fieldName(field: string, t: Translate): string {
  const known = fields.find(each => each === field)
  return known ? t(`drift.field.${known}`) : field
}

function objectName(type: string, t: Translate): string {
  const known = objects.find(each => each === type)
  return known ? t(`drift.object.${known}`) : type
}

function State({ status }: { readonly status: string }): ReactNode {
  const t = useWords()
  const known = statuses.find(each => each === status)
  return known ? <ToneChip tone={tones[known]}>{t(`drift.${known}`)}</ToneChip> : status
}

/** One side of a difference: amounts are written out, everything else as it is. */
function useSide(): (drift: DriftRow, side: string | null) => string {
  const t = useWords()
  const { reader } = useBilling()
  return (drift, side) => {
    if (side === null) return t('drift.nothing')
    const isMoney = moneyFields.includes(drift.field) && /^-?\d+$/.test(side)
    return isMoney
      ? money(minorText(side, drift.currency), drift.currency, reader.language, 'code')
      : side
  }
}

function useColumns(): readonly Column<DriftRow>[] {
  const t = useWords()
  const side = useSide()
  return useMemo<readonly Column<DriftRow>[]>(
    () => [
      {
        key: 'what',
        header: t('drift.what'),
        slot: 'title',
        cell: row => (
          <PeekButton id={row.id}>
            {objectName(row.objectType, t)} · {fieldName(row.field, t)}
          </PeekButton>
        ),
        plain: row => `${row.objectType} ${row.field}`,
      },
      {
        key: 'tenant',
        header: t('invoices.tenant'),
        slot: 'note',
        cell: row => (row.tenantId ? <TenantLink tenantId={row.tenantId} /> : '—'),
        plain: row => row.tenantId,
      },
      {
        key: 'ours',
        header: t('drift.ours'),
        cell: row => side(row, row.ours),
        plain: row => row.ours,
      },
      {
        key: 'theirs',
        header: t('drift.theirs'),
        cell: row => side(row, row.theirs),
        plain: row => row.theirs,
      },
      currencyColumn(t('tenant.currency')),
      amountColumn('stake', t('drift.stake'), row => row.moneyAtStake, 'amount'),
      {
        key: 'state',
        header: t('list.status'),
        slot: 'status',
        cell: row => <State status={row.status} />,
        plain: row => row.status,
      },
      {
        key: 'since',
        header: t('drift.since'),
        cell: row => <Time at={row.detectedAt} />,
        plain: row => row.detectedAt,
      },
    ],
    [t, side],
  )
}

type Way = 'take_theirs' | 'push_ours' | 'explain'
const ways: readonly Way[] = ['take_theirs', 'push_ours', 'explain']

/** `push_ours` asks again for a refund that never arrived: there is nothing else to push. */
const canPush = (drift: DriftRow): boolean =>
  drift.objectType === 'refund' && drift.field === 'missing_there'

function Settle({ drift, onDone }: { readonly drift: DriftRow; readonly onDone: () => void }) {
  const t = useWords()
  const [note, setNote] = useState('')
  const act = useWrite(
    (client, action: Way, options) =>
      client.resolveDrift(drift.id, { action, ...(note ? { note } : {}) }, options),
    onDone,
  )
  const offered = ways.filter(way => way !== 'push_ours' || canPush(drift))
  return (
    <div className="op-form">
      <Field
        label={t('drift.note')}
        hint={t('drift.noteHint')}
        lines={2}
        value={note}
        onChange={setNote}
      />
      <ul className="op-effects">
        {offered.map(way => (
          <li key={way}>{t(`drift.${way}.effect`)}</li>
        ))}
      </ul>
      <div className="qt-actions">
        {offered.map(way => (
          <Button
            key={way}
            type={way === 'take_theirs' ? 'primary' : 'default'}
            disabled={act.isPending || (way === 'explain' && note.trim() === '')}
            loading={act.isPending && act.variables === way}
            onClick={() => act.mutate(way)}
          >
            {t(`drift.${way}`)}
          </Button>
        ))}
      </div>
      {act.error ? <ErrorCard of="action" error={act.error} /> : null}
    </div>
  )
}

function Detail({ drift, onDone }: { readonly drift: DriftRow; readonly onDone: () => void }) {
  const t = useWords()
  const side = useSide()
  const peek = usePeek()
  const resolution = ways.find(way => way === drift.resolution)
  return (
    <PeekDrawer
      title={`${objectName(drift.objectType, t)} · ${fieldName(drift.field, t)}`}
      onClose={peek.close}
    >
      <p className="op-state">
        <State status={drift.status} />
      </p>
      <dl className="op-sides">
        <div>
          <dt>{t('drift.ours')}</dt>
          <dd>{side(drift, drift.ours)}</dd>
        </div>
        <div>
          <dt>{t('drift.theirs')}</dt>
          <dd>{side(drift, drift.theirs)}</dd>
        </div>
      </dl>
      <FactList
        facts={[
          {
            name: t('drift.stake'),
            value: <Money value={drift.moneyAtStake} currency={drift.currency} style="code" />,
          },
          {
            name: t('invoices.tenant'),
            value: drift.tenantId ? <TenantLink tenantId={drift.tenantId} /> : '—',
          },
          {
            name: t('drift.ourObject'),
            value: drift.objectId ? <Id text={drift.objectId} /> : '—',
          },
          { name: t('drift.stripeId'), value: <Id text={drift.stripeId} /> },
          { name: t('drift.since'), value: <Time at={drift.detectedAt} /> },
          { name: t('drift.lastSeen'), value: <Time at={drift.lastSeenAt} /> },
          ...(resolution
            ? [
                { name: t('drift.resolution'), value: t(`drift.${resolution}`) },
                { name: t('drift.note'), value: drift.note ?? '—' },
                { name: t('drift.resolvedBy'), value: drift.resolvedBy ?? '—' },
              ]
            : []),
        ]}
      />
      {drift.status === 'open' ? <Settle drift={drift} onDone={onDone} /> : null}
    </PeekDrawer>
  )
}

const dayMs = 86_400_000
const comparedDays = 7

/** The comparison of the last days, now instead of at night. */
function CompareNow(): ReactNode {
  const t = useWords()
  const compare = useWrite((client, to: number, options) =>
    client.compareNow(
      {
        from: new Date(to - comparedDays * dayMs).toISOString(),
        to: new Date(to).toISOString(),
      },
      options,
    ),
  )
  return (
    <>
      <Button loading={compare.isPending} onClick={() => compare.mutate(Date.now())}>
        {t('drift.compare', { count: comparedDays })}
      </Button>
      <span role="status">
        {compare.data
          ? t('drift.compared', { count: compare.data.compared, found: compare.data.found })
          : null}
      </span>
      {compare.error ? <ErrorCard of="action" error={compare.error} /> : null}
    </>
  )
}

export function DriftPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const pages = useDrift(search)
  const columns = useColumns()
  const peek = usePeek()
  const [told, setTold] = useState<string | null>(null)
  const opened = pages.items?.find(row => row.id === peek.id)
  const settled = () => {
    setTold(t('drift.settled'))
    peek.close()
  }
  return (
    <ConsolePage title={t('drift.title')} intro={t('drift.intro')} actions={<CompareNow />}>
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterSelect
          name="status"
          label={t('list.status')}
          preset="open"
          choices={statuses.map(value => ({ value, label: t(`drift.${value}`) }))}
        />
        <FilterText name="tenantId" label={t('tenants.id')} />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      <div className="op-told" role="status">
        {told}
      </div>
      <RecordList
        caption={t('drift.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.id)}
        exportName="differences"
        empty={{ title: t('drift.empty'), hint: t('drift.emptyHint') }}
      />
      {opened ? <Detail key={opened.id} drift={opened} onDone={settled} /> : null}
    </ConsolePage>
  )
}
