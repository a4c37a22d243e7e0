// Disputes of all tenants, the soonest to answer in sight, and answering one.
import { ErrorCard, Money, type Tone } from '@quittance/billing-react/billing-react'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { Field } from '../acts/act-drawer.tsx'
import { useAct } from '../acts/use-act.ts'
import { useAddress } from '../address.ts'
import { useDisputes } from '../data/operations.ts'
import type { DisputeRow } from '../data/wire.ts'
import {
  amountColumn,
  currencyColumn,
  Day,
  dayColumn,
  Id,
  TenantLink,
  tenantColumn,
} from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { FilterDay, FilterSelect, FilterText } from '../parts/filters.tsx'
import { PeekButton, PeekDrawer, usePeek } from '../parts/peek.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { ToneChip } from '../parts/tone-chip.tsx'
import { useWords } from '../words/words.ts'

const statuses = ['needs_response', 'under_review', 'won', 'lost', 'prevented'] as const
const tones: Readonly<Record<(typeof statuses)[number], Tone>> = {
  needs_response: 'warn',
  under_review: 'info',
  won: 'good',
  lost: 'bad',
  prevented: 'neutral',
}

function State({ status }: { readonly status: string }): ReactNode {
  const t = useWords()
  const known = statuses.find(each => each === status.replace(/^warning_/, ''))
  if (!known) return status
  const isInquiry = status.startsWith('warning_')
  return (
    <ToneChip tone={tones[known]}>
      {isInquiry ? t('dispute.inquiry', { state: t(`dispute.${known}`) }) : t(`dispute.${known}`)}
    </ToneChip>
  )
}

function useColumns(): readonly Column<DisputeRow>[] {
  const t = useWords()
  return useMemo<readonly Column<DisputeRow>[]>(
    () => [
      {
        key: 'reason',
        header: t('dispute.reason'),
        slot: 'title',
        cell: row => <PeekButton id={row.id}>{row.reason.replaceAll('_', ' ')}</PeekButton>,
        plain: row => row.reason,
      },
      tenantColumn(t('invoices.tenant')),
      dayColumn('dueAt', t('dispute.answerBy'), row => row.evidenceDueAt),
      {
        key: 'state',
        header: t('list.status'),
        slot: 'status',
        cell: row => <State status={row.status} />,
        plain: row => row.status,
      },
      currencyColumn(t('tenant.currency')),
      amountColumn('amount', t('transactions.amount'), row => row.amount, 'amount'),
      amountColumn('fee', t('transactions.fee'), row => row.fee),
      dayColumn('created', t('dispute.opened'), row => row.createdAt),
    ],
    [t],
  )
}

function Evidence({ dispute }: { readonly dispute: DisputeRow }): ReactNode {
  const t = useWords()
  const [text, setText] = useState('')
  const [sent, setSent] = useState(false)
  const act = useAct(
    dispute.tenantId,
    (client, input: { text: string }, options) =>
      client.submitDisputeEvidence(dispute.id, input, options),
    () => setSent(true),
  )
  if (sent) return <p role="status">{t('dispute.sent')}</p>
  return (
    <div className="op-form">
      <Field
        label={t('dispute.evidence')}
        hint={t('dispute.evidenceHint')}
        lines={6}
        value={text}
        onChange={setText}
      />
      <div className="qt-actions">
        <Button
          type="primary"
          disabled={text.trim() === ''}
          loading={act.isPending}
          onClick={() => act.mutate({ text })}
        >
          {t('dispute.submit')}
        </Button>
      </div>
      {act.error ? <ErrorCard of="action" error={act.error} /> : null}
    </div>
  )
}

function Detail({ dispute }: { readonly dispute: DisputeRow }): ReactNode {
  const t = useWords()
  const peek = usePeek()
  const { tenantId, transactionId, held } = dispute
  return (
    <PeekDrawer title={t('dispute.one')} onClose={peek.close}>
      <p className="op-state">
        <State status={dispute.status} />
      </p>
      <FactList
        facts={[
          { name: t('invoices.tenant'), value: <TenantLink tenantId={tenantId} /> },
          {
            name: t('transactions.amount'),
            value: <Money value={dispute.amount} currency={dispute.currency} style="code" />,
          },
          {
            name: t('dispute.held'),
            value: <Money value={held.amount} currency={held.currency} style="code" />,
          },
          { name: t('dispute.reason'), value: dispute.reason.replaceAll('_', ' ') },
          { name: t('dispute.answerBy'), value: <Day at={dispute.evidenceDueAt} /> },
          {
            name: t('dispute.payment'),
            value: (
              <Link
                className="qt-link"
                to="/operator/tenants/$tenantId/transactions/$transactionId"
                params={{ tenantId, transactionId }}
              >
                {t('dispute.toPayment')}
              </Link>
            ),
          },
          { name: t('drift.stripeId'), value: <Id text={dispute.stripeDisputeId} /> },
        ]}
      />
      {dispute.status.endsWith('needs_response') ? <Evidence dispute={dispute} /> : null}
    </PeekDrawer>
  )
}

export function DisputesPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const pages = useDisputes(search)
  const columns = useColumns()
  const peek = usePeek()
  const opened = pages.items?.find(row => row.id === peek.id)
  const { status, tenantId, from, to } = search
  return (
    <ConsolePage title={t('dispute.title')} intro={t('dispute.intro')}>
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterSelect
          name="status"
          label={t('list.status')}
          choices={statuses.map(value => ({ value, label: t(`dispute.${value}`) }))}
        />
        <FilterText name="tenantId" label={t('tenants.id')} />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      <RecordList
        caption={t('dispute.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.id)}
        exportName="disputes"
        empty={
          (status ?? tenantId ?? from ?? to)
            ? { title: t('list.none'), hint: t('list.noneHint') }
            : { title: t('dispute.empty'), hint: t('dispute.emptyHint') }
        }
      />
      {opened ? <Detail key={opened.id} dispute={opened} /> : null}
    </ConsolePage>
  )
}
