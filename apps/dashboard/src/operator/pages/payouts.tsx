// What the processor paid out to the bank, and whether all of it is in the books.
import { Money, type Tone } from '@quittance/billing-react/billing-react'
import { type ReactNode, useMemo } from 'react'
import { useAddress } from '../address.ts'
import { usePayouts } from '../data/operations.ts'
import type { PayoutRow } from '../data/wire.ts'
import { amountColumn, currencyColumn, Day, dayColumn, Id, TenantLink } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { FilterDay, FilterSelect } from '../parts/filters.tsx'
import { PeekButton, PeekDrawer, usePeek } from '../parts/peek.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { ToneChip } from '../parts/tone-chip.tsx'
import { useWords } from '../words/words.ts'

const statuses = ['pending', 'in_transit', 'paid', 'failed', 'canceled'] as const
const tones: Readonly<Record<(typeof statuses)[number], Tone>> = {
  pending: 'neutral',
  in_transit: 'info',
  paid: 'good',
  failed: 'bad',
  canceled: 'neutral',
}
const matches = ['matched', 'differs', 'pending', 'by_hand'] as const
const matchTones: Readonly<Record<(typeof matches)[number], Tone>> = {
  matched: 'good',
  differs: 'bad',
  pending: 'info',
  by_hand: 'neutral',
}

function State({ status }: { readonly status: string }): ReactNode {
  const t = useWords()
  const known = statuses.find(each => each === status)
  return known ? <ToneChip tone={tones[known]}>{t(`payout.${known}`)}</ToneChip> : status
}

function Match({ reconciliation }: { readonly reconciliation: string }): ReactNode {
  const t = useWords()
  const known = matches.find(each => each === reconciliation)
  return known ? (
    <ToneChip tone={matchTones[known]}>{t(`payout.match.${known}`)}</ToneChip>
  ) : (
    reconciliation
  )
}

function useColumns(): readonly Column<PayoutRow>[] {
  const t = useWords()
  return useMemo<readonly Column<PayoutRow>[]>(
    () => [
      {
        key: 'arrival',
        header: t('payout.arrival'),
        slot: 'title',
        cell: row => (
          <PeekButton id={row.id}>
            <Day at={row.arrivalAt} />
          </PeekButton>
        ),
        plain: row => row.arrivalAt,
      },
      {
        key: 'state',
        header: t('list.status'),
        slot: 'status',
        cell: row => <State status={row.status} />,
        plain: row => row.status,
      },
      {
        key: 'match',
        header: t('payout.match'),
        slot: 'note',
        cell: row => <Match reconciliation={row.reconciliation} />,
        plain: row => row.reconciliation,
      },
      currencyColumn(t('tenant.currency')),
      amountColumn('amount', t('transactions.amount'), row => row.amount, 'amount'),
      amountColumn('fee', t('transactions.fee'), row => row.fee),
      dayColumn('created', t('tenants.created'), row => row.createdAt),
    ],
    [t],
  )
}

function Detail({ payout }: { readonly payout: PayoutRow }): ReactNode {
  const t = useWords()
  const peek = usePeek()
  const money = (value: number) => <Money value={value} currency={payout.currency} style="code" />
  return (
    <PeekDrawer title={t('payout.one')} onClose={peek.close}>
      <p className="op-state">
        <State status={payout.status} />
        <Match reconciliation={payout.reconciliation} />
      </p>
      <FactList
        facts={[
          { name: t('transactions.amount'), value: money(payout.amount) },
          { name: t('payout.matched'), value: money(payout.matched) },
          { name: t('payout.items'), value: payout.itemCount },
          { name: t('payout.arrival'), value: <Day at={payout.arrivalAt} /> },
          { name: t('drift.stripeId'), value: <Id text={payout.id} /> },
        ]}
      />
      <h3 className="qt-section-title">{t('payout.shares')}</h3>
      <ul className="op-cards">
        {payout.shares.map(share => (
          <li key={share.tenantId} className="op-card op-card-line">
            <TenantLink tenantId={share.tenantId} />
            {money(share.net)}
          </li>
        ))}
      </ul>
    </PeekDrawer>
  )
}

export function PayoutsPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const pages = usePayouts(search)
  const columns = useColumns()
  const peek = usePeek()
  const opened = pages.items?.find(row => row.id === peek.id)
  return (
    <ConsolePage title={t('payout.title')} intro={t('payout.intro')}>
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterSelect
          name="status"
          label={t('list.status')}
          choices={statuses.map(value => ({ value, label: t(`payout.${value}`) }))}
        />
        <FilterDay name="from" label={t('list.from')} />
        <FilterDay name="to" label={t('list.to')} />
      </search>
      <RecordList
        caption={t('payout.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.id)}
        exportName="payouts"
        empty={
          (search.status ?? search.from ?? search.to)
            ? { title: t('list.none'), hint: t('list.noneHint') }
            : { title: t('payout.empty'), hint: t('payout.emptyHint') }
        }
      />
      {opened ? <Detail key={opened.id} payout={opened} /> : null}
    </ConsolePage>
  )
}
