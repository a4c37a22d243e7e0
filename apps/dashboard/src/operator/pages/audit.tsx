// Who changed what, for one tenant. Nothing here can be edited; it is sealed with the ledger.
import { EmptyTeach } from '@quittance/billing-react/billing-react'
import { type ReactNode, useMemo } from 'react'
import { useAddress } from '../address.ts'
import { useAuditLog } from '../data/operations.ts'
import type { AuditRow } from '../data/wire.ts'
import { Id, Time } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { FilterDay, FilterText } from '../parts/filters.tsx'
import { Payload } from '../parts/payload.tsx'
import { PeekButton, PeekDrawer, usePeek } from '../parts/peek.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { eventName } from '../words/catalogue.ts'
import { useWords } from '../words/words.ts'

function useColumns(): readonly Column<AuditRow>[] {
  const t = useWords()
  return useMemo<readonly Column<AuditRow>[]>(
    () => [
      {
        key: 'time',
        header: t('transactions.time'),
        slot: 'note',
        cell: row => <Time at={row.recordedAt} />,
        plain: row => row.recordedAt,
      },
      {
        key: 'actor',
        header: t('audit.actor'),
        slot: 'amount',
        cell: row => <bdi>{row.actor}</bdi>,
        plain: row => row.actor,
      },
      {
        key: 'role',
        header: t('audit.role'),
        cell: row => row.role,
        plain: row => row.role,
      },
      {
        key: 'action',
        header: t('audit.action'),
        slot: 'title',
        cell: row => <PeekButton id={row.id}>{eventName(row.action, t)}</PeekButton>,
        plain: row => row.action,
      },
      {
        key: 'object',
        header: t('audit.object'),
        cell: row => <Id text={row.objectId} />,
        plain: row => row.objectId,
      },
    ],
    [t],
  )
}

function Detail({ line }: { readonly line: AuditRow }): ReactNode {
  const t = useWords()
  const peek = usePeek()
  return (
    <PeekDrawer title={eventName(line.action, t)} onClose={peek.close}>
      <FactList
        facts={[
          { name: t('transactions.time'), value: <Time at={line.recordedAt} /> },
          { name: t('audit.actor'), value: <bdi>{line.actor}</bdi> },
          { name: t('audit.role'), value: line.role },
          { name: t('act.reason'), value: line.reason ? <bdi>{line.reason}</bdi> : '—' },
          { name: t('audit.object'), value: <Id text={line.objectId} /> },
          { name: t('audit.request'), value: <Id text={line.requestId} /> },
        ]}
      />
      <h3 className="qt-section-title">{t('audit.changes')}</h3>
      <Payload label={t('audit.changes')} text={JSON.stringify(line.changes, null, 2)} />
    </PeekDrawer>
  )
}

function Log({ tenantId }: { readonly tenantId: string }): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const pages = useAuditLog(tenantId, search)
  const columns = useColumns()
  const peek = usePeek()
  const opened = pages.items?.find(row => row.id === peek.id)
  return (
    <>
      <RecordList
        caption={t('audit.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.id)}
        exportName={`audit-${tenantId}`}
        empty={{ title: t('audit.empty'), hint: t('audit.emptyHint') }}
      />
      {opened ? <Detail key={opened.id} line={opened} /> : null}
    </>
  )
}

export function AuditPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  return (
    <ConsolePage title={t('audit.title')} intro={t('audit.intro')}>
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterText name="tenantId" label={t('tenants.id')} />
        <FilterText name="actor" label={t('audit.actor')} />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      {search.tenantId ? (
        <Log tenantId={search.tenantId} />
      ) : (
        <EmptyTeach title={t('audit.choose')} hint={t('audit.chooseHint')} />
      )}
    </ConsolePage>
  )
}
