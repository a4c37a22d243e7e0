// One transaction: what moved, for which invoice, and what was given back of it.
import {
  ErrorCard,
  LinesSkeleton,
  Money,
  StatusChip,
  transactionChip,
  useBilling,
} from '@quittance/billing-react/billing-react'
import { declineKey, signedAmount } from '@quittance/billing-react/states/transaction-state'
import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { RefundAct } from '../acts/refund.tsx'
import { useActs } from '../acts/use-acts.tsx'
import { useObjectEvents, useTenantTransaction } from '../data/tenant.ts'
import type { TransactionWire } from '../data/wire.ts'
import { Id, TenantLink, Time, useTypeName } from '../parts/columns.tsx'
import { ConsolePage } from '../parts/console-page.tsx'
import { type Fact, FactList } from '../parts/fact-list.tsx'
import { ReadTimeline } from '../parts/timeline.tsx'
import { useWords } from '../words/words.ts'

function useFacts(each: TransactionWire): readonly Fact[] {
  const t = useWords()
  const { t: say } = useBilling()
  const money = (value: number | null) => (
    <Money value={value} currency={each.currency} style="code" />
  )
  return [
    { name: t('invoices.tenant'), value: <TenantLink tenantId={each.tenantId} /> },
    { name: t('transactions.time'), value: <Time at={each.processedAt ?? each.createdAt} /> },
    { name: t('transactions.amount'), value: money(Number(signedAmount(each))) },
    { name: t('transactions.fee'), value: money(each.fee) },
    { name: t('transactions.net'), value: money(each.net) },
    ...(each.type === 'payment'
      ? [
          { name: t('transaction.refunded'), value: money(each.amountRefunded) },
          { name: t('refund.left'), value: money(each.amountRefundable) },
        ]
      : []),
    ...(each.status === 'failed'
      ? [{ name: t('transaction.declined'), value: say(declineKey(each.declineCode)) }]
      : []),
    {
      name: t('transactions.invoice'),
      value: each.invoiceId ? (
        <Link
          className="qt-link"
          to="/operator/tenants/$tenantId/invoices/$invoiceId"
          params={{ tenantId: each.tenantId, invoiceId: each.invoiceId }}
        >
          {t('transactions.toInvoice')}
        </Link>
      ) : (
        '—'
      ),
    },
    { name: t('transactions.reason'), value: each.reason ? <bdi>{each.reason}</bdi> : '—' },
    { name: t('transactions.id'), value: <Id text={each.transactionId} /> },
  ]
}

function TransactionView({ transaction }: { readonly transaction: TransactionWire }): ReactNode {
  const t = useWords()
  const typeName = useTypeName()
  const acts = useActs<'refund'>()
  return (
    <ConsolePage
      title={typeName(transaction.type)}
      actions={
        transaction.amountRefundable > 0 ? (
          <Button onClick={() => acts.open('refund')}>{t('refund.open')}</Button>
        ) : null
      }
    >
      {acts.told}
      {acts.draw((_, props) => (
        <RefundAct payment={transaction} {...props} />
      ))}
      <p className="op-state">
        <StatusChip chip={transactionChip(transaction)} />
      </p>
      <FactList facts={useFacts(transaction)} />
      <section aria-label={t('tenant.timeline')}>
        <h2 className="qt-section-title">{t('tenant.timeline')}</h2>
        <ReadTimeline pages={useObjectEvents(transaction.tenantId, transaction.id)} />
      </section>
    </ConsolePage>
  )
}

export function TransactionPage(): ReactNode {
  const t = useWords()
  const { tenantId = '', transactionId = '' } = useParams({ strict: false })
  const { data, error, refetch } = useTenantTransaction(tenantId, transactionId)
  if (data) return <TransactionView transaction={data} />
  return (
    <ConsolePage title={t('transactions.title')}>
      {error ? <ErrorCard error={error} onRetry={() => refetch()} /> : <LinesSkeleton lines={8} />}
    </ConsolePage>
  )
}
