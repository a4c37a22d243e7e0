// Refunds, credits and write-offs above the limit of one person, agreed to or declined by another.
import { ErrorCard, Money, type Tone } from '@quittance/billing-react/billing-react'
import { Button } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { Field } from '../acts/act-drawer.tsx'
import { useAct } from '../acts/use-act.ts'
import { useAddress } from '../address.ts'
import { approvalStatuses, useApprovals } from '../data/approvals.ts'
import type { ApprovalRow } from '../data/wire.ts'
import { amountColumn, currencyColumn, Id, TenantLink, Time } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { FilterDay, FilterSelect, FilterText } from '../parts/filters.tsx'
import { PeekButton, PeekDrawer, usePeek } from '../parts/peek.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { ToneChip } from '../parts/tone-chip.tsx'
import { useWords } from '../words/words.ts'

const tones: Readonly<Record<ApprovalRow['status'], Tone>> = {
  waiting: 'warn',
  approved: 'good',
  declined: 'neutral',
  expired: 'neutral',
}

function State({ status }: Pick<ApprovalRow, 'status'>): ReactNode {
  const t = useWords()
  return <ToneChip tone={tones[status]}>{t(`approval.${status}`)}</ToneChip>
}

function useColumns(): readonly Column<ApprovalRow>[] {
  const t = useWords()
  return useMemo<readonly Column<ApprovalRow>[]>(
    () => [
      {
        key: 'kind',
        header: t('approval.kind'),
        slot: 'title',
        cell: row => <PeekButton id={row.id}>{t(`approval.kind.${row.kind}`)}</PeekButton>,
        plain: row => row.kind,
      },
      {
        key: 'tenant',
        header: t('invoices.tenant'),
        slot: 'note',
        cell: row => <TenantLink tenantId={row.tenantId} />,
        plain: row => row.tenantId,
      },
      currencyColumn(t('tenant.currency')),
      amountColumn('amount', t('transactions.amount'), row => row.amount, 'amount'),
      {
        key: 'requestedBy',
        header: t('approval.requestedBy'),
        cell: row => <bdi>{row.requestedBy}</bdi>,
        plain: row => row.requestedBy,
      },
      {
        key: 'reason',
        header: t('act.reason'),
        cell: row => (row.reason ? <bdi>{row.reason}</bdi> : '—'),
        plain: row => row.reason,
      },
      {
        key: 'state',
        header: t('list.status'),
        slot: 'status',
        cell: row => <State status={row.status} />,
        plain: row => row.status,
      },
      {
        key: 'since',
        header: t('approval.since'),
        cell: row => <Time at={row.createdAt} />,
        plain: row => row.createdAt,
      },
    ],
    [t],
  )
}

type Verdict = 'approve' | 'decline'

interface DecideProps {
  readonly approval: ApprovalRow
  readonly onDone: (told: string) => void
}

function Decide({ approval, onDone }: DecideProps): ReactNode {
  const t = useWords()
  const [reason, setReason] = useState('')
  const { id, tenantId, kind, currency } = approval
  const amount = { money: approval.amount, currency }
  const act = useAct(
    tenantId,
    (client, verdict: Verdict, options) =>
      client[verdict](id, { ...(reason ? { reason } : {}) }, options),
    decided =>
      onDone(
        t(decided.status === 'approved' ? 'approval.agreed' : 'approval.turnedDown', { amount }),
      ),
  )
  return (
    <div className="op-form">
      <ul className="op-effects">
        <li>{t(`approval.effect.${kind}`, { amount })}</li>
        <li>{t('approval.effectOnce')}</li>
        <li>{t('approval.effectAnother')}</li>
      </ul>
      <Field label={t('act.reason')} optional lines={2} value={reason} onChange={setReason} />
      <div className="qt-actions">
        <Button
          type="primary"
          disabled={act.isPending}
          loading={act.isPending && act.variables === 'approve'}
          onClick={() => act.mutate('approve')}
        >
          {t('approval.approve', { amount })}
        </Button>
        <Button
          disabled={act.isPending}
          loading={act.isPending && act.variables === 'decline'}
          onClick={() => act.mutate('decline')}
        >
          {t('approval.decline')}
        </Button>
      </div>
      {act.error ? <ErrorCard of="action" error={act.error} /> : null}
    </div>
  )
}

function Detail({ approval, onDone }: DecideProps): ReactNode {
  const t = useWords()
  const peek = usePeek()
  const { amount, currency, decidedBy, decidedAt } = approval
  return (
    <PeekDrawer title={t(`approval.kind.${approval.kind}`)} onClose={peek.close}>
      <p className="op-state">
        <State status={approval.status} />
      </p>
      <FactList
        facts={[
          {
            name: t('transactions.amount'),
            value: <Money value={amount} currency={currency} style="code" />,
          },
          { name: t('invoices.tenant'), value: <TenantLink tenantId={approval.tenantId} /> },
          { name: t('approval.about'), value: <Id text={approval.objectId} /> },
          { name: t('approval.requestedBy'), value: <bdi>{approval.requestedBy}</bdi> },
          { name: t('act.reason'), value: approval.reason ? <bdi>{approval.reason}</bdi> : '—' },
          { name: t('approval.since'), value: <Time at={approval.createdAt} /> },
          { name: t('approval.until'), value: <Time at={approval.expiresAt} /> },
          ...(approval.refusal
            ? [{ name: t('approval.refusal'), value: <Id text={approval.refusal} /> }]
            : []),
          ...(decidedBy && decidedAt
            ? [
                { name: t('approval.decidedBy'), value: <bdi>{decidedBy}</bdi> },
                { name: t('approval.decidedAt'), value: <Time at={decidedAt} /> },
                {
                  name: t('approval.decisionReason'),
                  value: approval.decisionReason ? <bdi>{approval.decisionReason}</bdi> : '—',
                },
              ]
            : []),
          ...(approval.resultId
            ? [{ name: t('approval.result'), value: <Id text={approval.resultId} /> }]
            : []),
        ]}
      />
      {approval.status === 'waiting' ? <Decide approval={approval} onDone={onDone} /> : null}
    </PeekDrawer>
  )
}

export function ApprovalsPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const pages = useApprovals(search)
  const columns = useColumns()
  const peek = usePeek()
  const [told, setTold] = useState<string | null>(null)
  const opened = pages.items?.find(row => row.id === peek.id)
  const decided = (text: string) => {
    setTold(text)
    peek.close()
  }
  return (
    <ConsolePage title={t('approval.title')} intro={t('approval.intro')}>
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterSelect
          name="status"
          label={t('list.status')}
          preset="waiting"
          choices={approvalStatuses.map(value => ({ value, label: t(`approval.${value}`) }))}
        />
        <FilterText name="tenantId" label={t('tenants.id')} />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      <div className="op-told" role="status">
        {told}
      </div>
      <RecordList
        caption={t('approval.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.id)}
        exportName="approvals"
        empty={{ title: t('approval.empty'), hint: t('approval.emptyHint') }}
      />
      {opened ? <Detail key={opened.id} approval={opened} onDone={decided} /> : null}
    </ConsolePage>
  )
}
