// Giving money of a payment back: how much is left to give, and what happens to fee and invoice.
import { Money } from '@quittance/billing-react/billing-react'
import { type ReactNode, useState } from 'react'
import type { TransactionWire } from '../data/wire.ts'
import { FactList } from '../parts/fact-list.tsx'
import { useWords } from '../words/words.ts'
import { ActDrawer, Field, isAmount } from './act-drawer.tsx'
import type { ActProps } from './act-props.ts'
import { useGiving } from './use-giving.ts'

export function RefundAct(props: ActProps & { readonly payment: TransactionWire }): ReactNode {
  const t = useWords()
  const { payment, onDone, onClose } = props
  const { currency } = payment
  const [amount, setAmount] = useState(String(payment.amountRefundable))
  const [reason, setReason] = useState('')
  const act = useGiving(payment.tenantId, {
    write: (client, input: { amount: string; reason?: string }, options) =>
      client.createRefund(payment.id, input, options),
    tell: refund => t('refund.done', { amount: { money: refund.amount, currency } }),
    onDone,
  })
  const valid = isAmount(amount)
  const money = (value: number) => <Money value={value} currency={currency} style="code" />
  return (
    <ActDrawer
      title={t('refund.title')}
      confirm={
        valid ? t('refund.confirm', { amount: { money: amount, currency } }) : t('refund.title')
      }
      ready={valid && payment.amountRefundable > 0}
      effects={[t('refund.effectMoney'), t('refund.effectFee'), t('refund.effectNote')]}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate({ amount, ...(reason ? { reason } : {}) })}
      onClose={onClose}
    >
      <FactList
        facts={[
          { name: t('refund.paid'), value: money(payment.amount) },
          { name: t('transaction.refunded'), value: money(payment.amountRefunded) },
          {
            name: t('refund.left'),
            value: <strong>{money(payment.amountRefundable)}</strong>,
          },
        ]}
      />
      <Field
        label={t('refund.amount')}
        value={amount}
        suffix={currency}
        invalid={!valid}
        onChange={setAmount}
      />
      <Field label={t('act.reason')} optional lines={2} value={reason} onChange={setReason} />
    </ActDrawer>
  )
}
