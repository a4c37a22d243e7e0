// Coupons and their promotion codes: what they are worth, how often they were used, new ones, and archiving.
import { ErrorCard, Money, useBilling } from '@quittance/billing-react/billing-react'
import { useWrite } from '@quittance/billing-react/data/write'
import { percent } from '@quittance/billing-react/formats'
import { Button } from 'antd'
import { type ReactNode, useMemo } from 'react'
import { CreateCouponAct, CreatePromotionCodeAct } from '../acts/coupon-acts.tsx'
import { useActs } from '../acts/use-acts.tsx'
import { useAddress } from '../address.ts'
import { useCoupons, usePromotionCodes } from '../data/catalogue.ts'
import type { CouponRow, PromotionCodeRow } from '../data/wire.ts'
import { Day } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { FactList } from '../parts/fact-list.tsx'
import { FilterSelect } from '../parts/filters.tsx'
import { PeekButton, PeekDrawer, usePeek } from '../parts/peek.tsx'
import { type Column, RecordList } from '../parts/record-list.tsx'
import { ToneChip } from '../parts/tone-chip.tsx'
import { useWords } from '../words/words.ts'

/** What a coupon takes off, as the API says it. */
function Worth({ coupon }: { readonly coupon: CouponRow }): ReactNode {
  const { reader } = useBilling()
  if (coupon.percentOff !== null) return percent(coupon.percentOff, reader.language)
  return Object.entries(coupon.amountsOff ?? {}).map(([currency, amount]) => (
    <span key={currency} className="op-line">
      <Money value={amount} currency={currency} style="code" />
    </span>
  ))
}

function State({ status }: { readonly status: 'active' | 'archived' }): ReactNode {
  const t = useWords()
  return (
    <ToneChip tone={status === 'active' ? 'good' : 'neutral'}>{t(`coupon.${status}`)}</ToneChip>
  )
}

function useUses(): (used: number, most: number | null) => string {
  const t = useWords()
  return (used, most) => (most === null ? String(used) : t('coupon.usesOf', { used, most }))
}

function useColumns(): readonly Column<CouponRow>[] {
  const t = useWords()
  const uses = useUses()
  return useMemo<readonly Column<CouponRow>[]>(
    () => [
      {
        key: 'code',
        header: t('coupon.code'),
        slot: 'title',
        cell: row => <PeekButton id={row.code}>{row.code}</PeekButton>,
        plain: row => row.code,
      },
      {
        key: 'worth',
        header: t('coupon.worth'),
        slot: 'amount',
        figures: true,
        cell: row => <Worth coupon={row} />,
        plain: row =>
          row.percentOff === null ? JSON.stringify(row.amountsOff) : `${row.percentOff}%`,
      },
      {
        key: 'duration',
        header: t('coupon.duration'),
        slot: 'note',
        cell: row =>
          row.duration === 'repeating'
            ? t('coupon.months', { count: row.months ?? 0 })
            : t(`coupon.${row.duration}`),
        plain: row => row.months ?? row.duration,
      },
      {
        key: 'uses',
        header: t('coupon.uses'),
        figures: true,
        cell: row => uses(row.redemptions, row.maxRedemptions),
        plain: row => row.redemptions,
      },
      {
        key: 'until',
        header: t('coupon.until'),
        cell: row => <Day at={row.redeemBy} />,
        plain: row => row.redeemBy,
      },
      {
        key: 'state',
        header: t('list.status'),
        slot: 'status',
        cell: row => <State status={row.status} />,
        plain: row => row.status,
      },
    ],
    [t, uses],
  )
}

function useCodeColumns(): readonly Column<PromotionCodeRow>[] {
  const t = useWords()
  const uses = useUses()
  return useMemo<readonly Column<PromotionCodeRow>[]>(
    () => [
      {
        key: 'code',
        header: t('coupon.promotionCode'),
        slot: 'title',
        cell: row => row.code,
        plain: row => row.code,
      },
      {
        key: 'tenant',
        header: t('invoices.tenant'),
        slot: 'note',
        cell: row => row.tenantId ?? t('coupon.everybody'),
        plain: row => row.tenantId,
      },
      {
        key: 'uses',
        header: t('coupon.uses'),
        slot: 'amount',
        figures: true,
        cell: row => uses(row.redemptions, row.maxRedemptions),
        plain: row => row.redemptions,
      },
      {
        key: 'state',
        header: t('list.status'),
        slot: 'status',
        cell: row => <State status={row.status} />,
        plain: row => row.status,
      },
    ],
    [t, uses],
  )
}

/** Archived is not deleted: what was attached before stays as it is. */
function Archive({ coupon }: { readonly coupon: CouponRow }): ReactNode {
  const t = useWords()
  const act = useWrite((client, status: 'active' | 'archived', options) =>
    client.updateCoupon(coupon.code, { status }, options),
  )
  const next = coupon.status === 'active' ? 'archived' : 'active'
  return (
    <>
      <Button loading={act.isPending} onClick={() => act.mutate(next)}>
        {t(next === 'archived' ? 'coupon.archive' : 'coupon.bringBack')}
      </Button>
      {act.error ? <ErrorCard of="action" error={act.error} /> : null}
    </>
  )
}

function Detail({ coupon }: { readonly coupon: CouponRow }): ReactNode {
  const t = useWords()
  const peek = usePeek()
  const acts = useActs<'code'>()
  const { appliesTo } = coupon
  return (
    <PeekDrawer title={coupon.code} onClose={peek.close}>
      <p className="op-state">
        <State status={coupon.status} />
      </p>
      {acts.told}
      <div className="qt-actions">
        <Button onClick={() => acts.open('code')}>{t('coupon.newCode')}</Button>
        <Archive coupon={coupon} />
      </div>
      <p className="qt-secondary">{t('coupon.fixed')}</p>
      <FactList
        facts={[
          { name: t('tenants.name'), value: coupon.name ?? '—' },
          { name: t('coupon.worth'), value: <Worth coupon={coupon} /> },
          { name: t('coupon.uses'), value: coupon.redemptions },
          { name: t('coupon.plans'), value: appliesTo?.plans?.join(', ') ?? t('list.all') },
          { name: t('coupon.metrics'), value: appliesTo?.metrics?.join(', ') ?? t('list.all') },
          { name: t('coupon.until'), value: <Day at={coupon.redeemBy} /> },
        ]}
      />
      <h3 className="qt-section-title">{t('coupon.promotionCodes')}</h3>
      <RecordList
        caption={t('coupon.promotionCodes')}
        pages={usePromotionCodes(coupon.code)}
        columns={useCodeColumns()}
        rowKey={row => row.id}
        exportName={`promotion-codes-${coupon.code}`}
        empty={{ title: t('coupon.noCodes'), hint: t('coupon.noCodesHint') }}
      />
      {acts.draw((_, props) => (
        <CreatePromotionCodeAct coupon={coupon.code} {...props} />
      ))}
    </PeekDrawer>
  )
}

export function CouponsPage(): ReactNode {
  const t = useWords()
  const { search } = useAddress()
  const pages = useCoupons(search.status)
  const columns = useColumns()
  const peek = usePeek()
  const acts = useActs<'coupon'>()
  const opened = pages.items?.find(row => row.code === peek.id)
  return (
    <ConsolePage
      title={t('coupon.title')}
      intro={t('coupon.intro')}
      actions={
        <Button type="primary" onClick={() => acts.open('coupon')}>
          {t('coupon.new')}
        </Button>
      }
    >
      {acts.told}
      {acts.draw((_, props) => (
        <CreateCouponAct {...props} />
      ))}
      <search className="op-filters" aria-label={t('list.filters')}>
        <FilterSelect
          name="status"
          label={t('list.status')}
          choices={(['active', 'archived'] as const).map(value => ({
            value,
            label: t(`coupon.${value}`),
          }))}
        />
      </search>
      <RecordList
        caption={t('coupon.title')}
        pages={pages}
        columns={columns}
        rowKey={row => row.id}
        onOpen={row => peek.open(row.code)}
        exportName="coupons"
        empty={
          search.status
            ? { title: t('list.none'), hint: t('list.noneHint') }
            : { title: t('coupon.empty'), hint: t('coupon.emptyHint') }
        }
      />
      {opened ? <Detail key={opened.id} coupon={opened} /> : null}
    </ConsolePage>
  )
}
