// What the issuer does for a tenant: an invoice by hand, credit on account.
import { Button, Radio } from 'antd'
import { type ReactNode, useState } from 'react'
import type { TenantRow } from '../data/wire.ts'
import { useWords } from '../words/words.ts'
import { ActDrawer, Field, isAmount } from './act-drawer.tsx'
import type { ActProps } from './act-props.ts'
import { useAct } from './use-act.ts'
import { useGiving } from './use-giving.ts'

interface TenantActProps extends ActProps {
  readonly tenant: TenantRow
}

interface DraftLine {
  readonly key: number
  readonly description: string
  readonly quantity: string
  readonly unitAmount: string
}

const emptyLine = (key: number): DraftLine => ({
  key,
  description: '',
  quantity: '1',
  unitAmount: '',
})

const isComplete = ({ description, quantity, unitAmount }: DraftLine): boolean =>
  description.trim() !== '' &&
  /^\d{1,12}(\.\d{1,6})?$/.test(quantity) &&
  /^-?\d{1,15}(\.\d{1,12})?$/.test(unitAmount)

function LineFields({
  line,
  index,
  currency,
  onChange,
}: {
  readonly line: DraftLine
  readonly index: number
  readonly currency: string
  readonly onChange: (line: DraftLine) => void
}): ReactNode {
  const t = useWords()
  return (
    <fieldset className="op-line-fields">
      <legend className="qt-label">{t('newInvoice.line', { number: index + 1 })}</legend>
      <Field
        label={t('newInvoice.description')}
        value={line.description}
        onChange={description => onChange({ ...line, description })}
      />
      <Field
        label={t('subscriptions.quantity')}
        value={line.quantity}
        onChange={quantity => onChange({ ...line, quantity })}
      />
      <Field
        label={t('newInvoice.unitAmount')}
        value={line.unitAmount}
        suffix={currency}
        onChange={unitAmount => onChange({ ...line, unitAmount })}
      />
    </fieldset>
  )
}

interface InvoiceInput {
  readonly lineItems: { description: string; quantity: string; unitAmount: string }[]
  readonly dueDate?: string
  readonly autoFinalize: boolean
  readonly collection: 'automatic' | 'manual'
}

/** An invoice by hand. As a draft it can be looked at before it is issued. */
export function CreateInvoiceAct({ tenant, onDone, onClose }: TenantActProps): ReactNode {
  const t = useWords()
  const { currency } = tenant
  const [lines, setLines] = useState<readonly DraftLine[]>([emptyLine(0)])
  const [dueDate, setDueDate] = useState('')
  const [reason, setReason] = useState('')
  const [issue, setIssue] = useState<'draft' | 'issue'>('draft')
  const [collection, setCollection] = useState<'automatic' | 'manual'>('manual')
  const act = useAct(
    tenant.tenantId,
    (client, input: InvoiceInput, options) => client.createInvoice(input, options),
    made =>
      onDone(
        made.invoiceNumber === null
          ? t('newInvoice.drafted', { amount: { money: made.total, currency: made.currency } })
          : t('finalize.done', { number: made.invoiceNumber }),
      ),
    reason,
  )
  const submit = () =>
    act.mutate({
      lineItems: lines.map(({ description, quantity, unitAmount }) => ({
        description: description.trim(),
        quantity,
        unitAmount,
      })),
      ...(dueDate ? { dueDate: `${dueDate}T00:00:00.000Z` } : {}),
      autoFinalize: issue === 'issue',
      collection,
    })
  return (
    <ActDrawer
      title={t('newInvoice.title')}
      confirm={t(issue === 'issue' ? 'newInvoice.confirmIssue' : 'newInvoice.confirmDraft')}
      ready={lines.every(isComplete)}
      effects={[t('newInvoice.effectTax'), t('newInvoice.effectDraft')]}
      busy={act.isPending}
      error={act.error}
      onConfirm={submit}
      onClose={onClose}
    >
      {lines.map((line, index) => (
        <LineFields
          key={line.key}
          line={line}
          index={index}
          currency={currency}
          onChange={next => setLines(lines.map(each => (each.key === line.key ? next : each)))}
        />
      ))}
      <div className="qt-actions">
        <Button onClick={() => setLines([...lines, emptyLine((lines.at(-1)?.key ?? 0) + 1)])}>
          {t('newInvoice.addLine')}
        </Button>
        {lines.length > 1 ? (
          <Button onClick={() => setLines(lines.slice(0, -1))}>{t('newInvoice.dropLine')}</Button>
        ) : null}
      </div>
      <Field
        label={t('invoices.dueDate')}
        type="date"
        optional
        value={dueDate}
        onChange={setDueDate}
      />
      <fieldset className="op-field">
        <legend className="qt-label">{t('newInvoice.collection')}</legend>
        <Radio.Group
          className="op-choices"
          value={collection}
          onChange={event => setCollection(event.target.value as typeof collection)}
          options={(['manual', 'automatic'] as const).map(value => ({
            value,
            label: t(`newInvoice.collection.${value}`),
          }))}
        />
      </fieldset>
      <fieldset className="op-field">
        <legend className="qt-label">{t('newInvoice.when')}</legend>
        <Radio.Group
          className="op-choices"
          value={issue}
          onChange={event => setIssue(event.target.value as typeof issue)}
          options={(['draft', 'issue'] as const).map(value => ({
            value,
            label: t(`newInvoice.when.${value}`),
          }))}
        />
      </fieldset>
      <Field label={t('act.reason')} optional lines={2} value={reason} onChange={setReason} />
    </ActDrawer>
  )
}

/** Credit on account, or taking it back. */
export function GiveCreditAct({ tenant, onDone, onClose }: TenantActProps): ReactNode {
  const t = useWords()
  const { currency } = tenant
  const [amount, setAmount] = useState('')
  const [way, setWay] = useState<'give' | 'take'>('give')
  const [reason, setReason] = useState('')
  const money = { money: amount, currency }
  const act = useGiving(tenant.tenantId, {
    write: (client, input: { amount: string; currency: string; reason: string }, options) =>
      client.adjustCreditBalance(input, options),
    tell: () => t(`credit.${way}.done`, { amount: money }),
    onDone,
  })
  const valid = isAmount(amount)
  return (
    <ActDrawer
      title={t('credit.title')}
      confirm={valid ? t(`credit.${way}.confirm`, { amount: money }) : t('credit.title')}
      ready={valid && reason.trim() !== ''}
      effects={[t('credit.effectUse'), t('credit.effectBooks')]}
      busy={act.isPending}
      error={act.error}
      onConfirm={() =>
        act.mutate({ amount: way === 'give' ? amount : `-${amount}`, currency, reason })
      }
      onClose={onClose}
    >
      <fieldset className="op-field">
        <legend className="qt-label">{t('credit.way')}</legend>
        <Radio.Group
          className="op-choices"
          value={way}
          onChange={event => setWay(event.target.value as typeof way)}
          options={(['give', 'take'] as const).map(value => ({
            value,
            label: t(`credit.way.${value}`),
          }))}
        />
      </fieldset>
      <Field
        label={t('transactions.amount')}
        value={amount}
        suffix={currency}
        onChange={setAmount}
      />
      <Field label={t('act.reason')} lines={2} value={reason} onChange={setReason} />
    </ActDrawer>
  )
}
