// Paying an invoice: with which method, and a button that carries the exact amount the API says is
// due.

import { type ReactNode, useState } from 'react'
import { type Billing, useBilling } from '../../billing-context.ts'
import { leaveToConfirm } from '../../data/bank-confirmation.ts'
import { usePaymentMethods } from '../../data/read.ts'
import type { InvoiceWire, PaymentMethodWire } from '../../data/wire.ts'
import { useWrite } from '../../data/write.ts'
import { Choices } from '../../parts/choices.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { isUsable } from '../../states/method-state.ts'
import { methodName } from '../../words/names.ts'

export interface PayDialogProps {
  readonly invoice: InvoiceWire
  readonly onDone: (text: string) => void
  readonly onClose: () => void
}

function doneWords(before: InvoiceWire, after: InvoiceWire, { t }: Billing): string {
  const amount = { money: before.amountDue, currency: before.currency }
  if (after.payment?.status === 'requires_action') return t('invoice.payConfirm', { amount })
  return after.status === 'paid'
    ? t('invoice.payDone', { amount, number: before.invoiceNumber ?? '' })
    : t('invoice.payProcessing', { amount })
}

interface MethodChoiceProps {
  readonly methods: readonly PaymentMethodWire[]
  readonly value: string
  readonly onChange: (id: string) => void
}

function MethodChoice({ methods, value, onChange }: MethodChoiceProps): ReactNode {
  const { t } = useBilling()
  return (
    <Choices
      look="lines"
      legend={t('invoice.payWith')}
      value={value}
      onChange={onChange}
      choices={methods.map(method => ({
        value: method.id,
        label: methodName(method, t),
        ...(method.isDefault ? { hint: t('methods.default') } : {}),
      }))}
    />
  )
}

/** Asks with which method, then pays what is due. */
export function PayDialog({ invoice, onDone, onClose }: PayDialogProps): ReactNode {
  const billing = useBilling()
  const { t, reader } = billing
  const methods = usePaymentMethods()
  const [picked, setPicked] = useState<string | null>(null)
  const usable = methods.data?.filter(method => isUsable(method, reader)) ?? []
  const standard = usable.find(method => method.isDefault) ?? usable[0]
  const paymentMethodId = picked ?? standard?.id
  const write = useWrite(
    (client, input: { readonly paymentMethodId: string }, options) =>
      client.payInvoice(invoice.id, input, options),
    after => {
      leaveToConfirm(after.payment)
      onDone(doneWords(invoice, after, billing))
      onClose()
    },
  )
  const amount = { money: invoice.amountDue, currency: invoice.currency }
  return (
    <ConfirmDialog
      title={t('invoice.payTitle', { number: invoice.invoiceNumber ?? '' })}
      confirm={paymentMethodId ? t('invoice.pay', { amount }) : null}
      keep={t('common.close')}
      busy={write.isPending}
      error={write.error}
      onConfirm={() => {
        if (paymentMethodId) write.mutate({ paymentMethodId })
      }}
      onClose={onClose}
    >
      {methods.isPending ? <LinesSkeleton lines={2} /> : null}
      {methods.isError ? (
        <ErrorCard error={methods.error} onRetry={() => methods.refetch()} />
      ) : null}
      {methods.data && !paymentMethodId ? <p>{t('invoice.noMethod')}</p> : null}
      {paymentMethodId ? (
        <MethodChoice methods={usable} value={paymentMethodId} onChange={setPicked} />
      ) : null}
    </ConfirmDialog>
  )
}
