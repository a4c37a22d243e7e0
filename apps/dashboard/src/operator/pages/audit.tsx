// Who changed what, of all tenants and of the issuer itself. Nothing here can be edited; it is sealed with the ledger.
import { useBilling } from '@quittance/billing-react/billing-react'
import { type ReactNode, useMemo } from 'react'
import { type Search, useAddress } from '../address.ts'
import { auditFilter, useAuditLog } from '../data/operations.ts'
import type { AuditRow } from '../data/wire.ts'
import { Id, TenantLink, Time } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { FileButtons } from '../parts/file-buttons.tsx'
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
        key: 'tenant',
        header: t('invoices.tenant'),
        cell: row =>
          row.tenantId === null ? t('audit.issuer') : <TenantLink tenantId={row.tenantId} />,
        plain: row => row.tenantId,
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
      {
        key: 'changed',
        header: t('audit.changed'),
        cell: row => <span className="op-prose">{Object.keys(row.changed).join(', ')}</span>,
        plain: row => Object.keys(row.changed).join(', '),
      },
    ],
    [t],
  )
}

const shown = (value: unknown): string =>
  value === null ? '—' : typeof value === 'string' ? value : JSON.stringify(value)

/** Each field from what to what; of personal data and secrets only that they changed. */
function BeforeAndAfter({ changed }: Pick<AuditRow, 'changed'>): ReactNode {
  const t = useWords()
  const facts = Object.entries(changed).map(([name, change]) => ({
    name,
    value:
      'hidden' in change ? (
        <span className="qt-secondary">{t('audit.hidden')}</span>
      ) : (
        <span className="op-change">
          <del>
            <bdi>{shown(change.from)}</bdi>
          </del>{' '}
          <span aria-hidden="true">→</span>{' '}
          <ins>
            <bdi>{shown(change.to)}</bdi>
          </ins>
        </span>
      ),
  }))
  if (facts.length === 0) return null
  return (
    <>
      <h3 className="qt-section-title">{t('audit.beforeAfter')}</h3>
      <FactList facts={facts} />
    </>
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
          { name: t('audit.address'), value: line.ipAddress ?? '—' },
        ]}
      />
      <BeforeAndAfter changed={line.changed} />
      <h3 className="qt-section-title">{t('audit.changes')}</h3>
      <Payload label={t('audit.changes')} text={JSON.stringify(line.changes, null, 2)} />
    </PeekDrawer>
  )
}

function Log({ search }: { readonly search: Search }): ReactNode {
  const t = useWords()
  const pages = useAuditLog(search)
  const columns = useColumns()
  const peek = usePeek()
  const opened = pages.items?.find(row => row.id === peek.id)
  const isFiltered = Object.keys(auditFilter(search)).length > 0
  return (
    <>
      <RecordList
        caption={t('audit.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.id)}
        exportName="audit-log-shown"
        empty={
          isFiltered
            ? { title: t('list.none'), hint: t('list.noneHint') }
            : { title: t('audit.empty'), hint: t('audit.emptyHint') }
        }
      />
      {opened ? <Detail key={opened.id} line={opened} /> : null}
    </>
  )
}

/** All that the filter finds, not only what is shown. */
function Files({ search }: { readonly search: Search }): ReactNode {
  const { client, reader } = useBilling()
  return (
    <FileButtons
      name="audit-log"
      formats={['csv', 'xlsx']}
      fetchFile={format =>
        client.exportIssuerAuditLog(format, { ...auditFilter(search), lang: reader.language })
      }
    />
  )
}

export function AuditPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  return (
    <ConsolePage
      title={t('audit.title')}
      intro={t('audit.intro')}
      actions={<Files search={search} />}
    >
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterText name="tenantId" label={t('tenants.id')} />
        <FilterText name="actor" label={t('audit.actor')} />
        <FilterText name="action" label={t('audit.action')} hint="settings.updated" />
        <FilterText name="objectId" label={t('audit.object')} />
        <FilterText name="requestId" label={t('audit.request')} />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      <Log search={search} />
    </ConsolePage>
  )
}
