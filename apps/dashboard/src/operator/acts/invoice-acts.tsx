// What the issuer does with an invoice: issue a draft, withdraw it, give it up, correct it by a credit note.
import { Money } from '@quittance/billing-react/billing-react'
import { Checkbox, Radio } from 'antd'
import { type ReactNode, useState } from 'react'
import type { InvoiceWire } from '../data/wire.ts'
import { FactList } from '../parts/fact-list.tsx'
import { useWords } from '../words/words.ts'
import { ActDrawer, Field, isAmount } from './act-drawer.tsx'
import type { ActProps } from './act-props.ts'
import { useAct } from './use-act.ts'
import { useGiving } from './use-giving.ts'

interface InvoiceActProps extends ActProps {
  readonly invoice: InvoiceWire
}

const amountOf = ({ amountDue, currency }: InvoiceWire) => ({ money: amountDue, currency })

export function FinalizeAct({ invoice, onDone, onClose }: InvoiceActProps): ReactNode {
  const t = useWords()
  const [reason, setReason] = useState('')
  const act = useAct(
    invoice.tenantId,
    (client, _: null, options) => client.finalizeInvoice(invoice.id, options),
    issued => onDone(t('finalize.done', { number: issued.invoiceNumber ?? '' })),
    reason,
  )
  return (
    <ActDrawer
      title={t('finalize.title')}
      confirm={t('finalize.confirm', { amount: amountOf(invoice) })}
      ready
      effects={[t('finalize.effectNumber'), t('finalize.effectFixed'), t('finalize.effectBooks')]}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate(null)}
      onClose={onClose}
    >
      <Field label={t('act.reason')} optional lines={2} value={reason} onChange={setReason} />
    </ActDrawer>
  )
}

/** Withdrawing and giving up end a claim for good: the number is typed before. */
function EndClaim({
  kind,
  invoice,
  onDone,
  onClose,
}: InvoiceActProps & { readonly kind: 'void' | 'writeOff' }): ReactNode {
  const t = useWords()
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const number = invoice.invoiceNumber ?? ''
  const act = useGiving(invoice.tenantId, {
    write: (client, _: null, options) =>
      kind === 'void'
        ? client.voidInvoice(invoice.id, options)
        : client.writeOffInvoice(invoice.id, options),
    tell: () => t(`${kind}.done`, { number }),
    onDone,
    reason,
  })
  const amount = amountOf(invoice)
  return (
    <ActDrawer
      title={t(`${kind}.title`)}
      confirm={t(`${kind}.confirm`, { number })}
      danger
      ready={typed.trim() === number && reason.trim() !== ''}
      effects={[t(`${kind}.effectBooks`, { amount }), t(`${kind}.effectTenant`)]}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate(null)}
      onClose={onClose}
    >
      <Field label={t('act.reason')} lines={2} value={reason} onChange={setReason} />
      <Field label={t('act.typeNumber', { number })} value={typed} onChange={setTyped} />
    </ActDrawer>
  )
}

export const VoidAct = (props: InvoiceActProps): ReactNode => <EndClaim kind="void" {...props} />
export const WriteOffAct = (props: InvoiceActProps): ReactNode => (
  <EndClaim kind="writeOff" {...props} />
)

type Way = 'all' | 'amount' | 'lines'

interface CreditNoteInput {
  readonly amount?: string
  readonly lines?: { readonly lineId: string }[]
  readonly refund?: string
  readonly reason?: string
}

/** Which lines are credited whole. */
function LineChoice({
  invoice,
  chosen,
  onChange,
}: {
  readonly invoice: InvoiceWire
  readonly chosen: readonly string[]
  readonly onChange: (ids: string[]) => void
}): ReactNode {
  const t = useWords()
  return (
    <Checkbox.Group
      className="op-choices"
      value={[...chosen]}
      onChange={onChange}
      options={invoice.lineItems.map(line => ({
        value: line.id,
        label: (
          <>
            {line.description} · <Money value={line.amount} currency={invoice.currency} />
            {line.credited > 0 ? (
              <span className="qt-secondary">
                {' '}
                {t('invoice.credited')} <Money value={line.credited} currency={invoice.currency} />
              </span>
            ) : null}
          </>
        ),
      }))}
    />
  )
}

export function CreditNoteAct({ invoice, onDone, onClose }: InvoiceActProps): ReactNode {
  const t = useWords()
  const { currency } = invoice
  const [way, setWay] = useState<Way>('all')
  const [amount, setAmount] = useState('')
  const [lines, setLines] = useState<string[]>([])
  const [refund, setRefund] = useState('')
  const [reason, setReason] = useState('')
  const act = useGiving(invoice.tenantId, {
    write: (client, input: CreditNoteInput, options) =>
      client.createCreditNote(invoice.id, input, options),
    tell: note =>
      t('creditNote.done', {
        number: note.creditNoteNumber,
        amount: { money: note.total, currency },
      }),
    onDone,
  })
  const complete = way === 'all' || (way === 'amount' ? isAmount(amount) : lines.length > 0)
  const submit = () =>
    act.mutate({
      ...(way === 'amount' ? { amount } : {}),
      ...(way === 'lines' ? { lines: lines.map(lineId => ({ lineId })) } : {}),
      ...(refund ? { refund } : {}),
      ...(reason ? { reason } : {}),
    })
  return (
    <ActDrawer
      title={t('creditNote.title')}
      confirm={
        way === 'amount' && isAmount(amount)
          ? t('creditNote.confirmAmount', { amount: { money: amount, currency } })
          : t('creditNote.confirm')
      }
      ready={complete && (refund === '' || isAmount(refund))}
      effects={[t('creditNote.effectDebt'), t('creditNote.effectRest'), t('creditNote.effectTax')]}
      busy={act.isPending}
      error={act.error}
      onConfirm={submit}
      onClose={onClose}
    >
      <FactList
        facts={[
          {
            name: t('invoice.total'),
            value: <Money value={invoice.total} currency={currency} style="code" />,
          },
          {
            name: t('invoice.credited'),
            value: <Money value={invoice.amountCredited} currency={currency} style="code" />,
          },
          {
            name: t('invoice.due'),
            value: <Money value={invoice.amountDue} currency={currency} style="code" />,
          },
        ]}
      />
      <fieldset className="op-field">
        <legend className="qt-label">{t('creditNote.what')}</legend>
        <Radio.Group
          className="op-choices"
          value={way}
          onChange={event => setWay(event.target.value as Way)}
          options={(['all', 'lines', 'amount'] as const).map(value => ({
            value,
            label: t(`creditNote.way.${value}`),
          }))}
        />
      </fieldset>
      {way === 'lines' ? <LineChoice invoice={invoice} chosen={lines} onChange={setLines} /> : null}
      {way === 'amount' ? (
        <Field
          label={t('creditNote.amount')}
          value={amount}
          suffix={currency}
          onChange={setAmount}
        />
      ) : null}
      <Field
        label={t('creditNote.refund')}
        hint={t('creditNote.refundHint')}
        optional
        value={refund}
        suffix={currency}
        onChange={setRefund}
      />
      <Field label={t('act.reason')} optional lines={2} value={reason} onChange={setReason} />
    </ActDrawer>
  )
}
