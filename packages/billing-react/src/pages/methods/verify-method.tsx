// Verifying a bank account by what arrived on it: a code or two amounts, how many tries are left, and until when.
import { type ReactNode, type SubmitEvent, useId, useState } from 'react'
import { useBilling } from '../../billing-context.ts'
import { useEnvironment } from '../../data/read.ts'
import type { PaymentMethodWire } from '../../data/wire.ts'
import { useWrite } from '../../data/write.ts'
import { Button } from '../../parts/button.tsx'
import { Choices } from '../../parts/choices.tsx'
import { TextField } from '../../parts/field.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { methodName } from '../../words/names.ts'

type Verification = NonNullable<PaymentMethodWire['verification']>
type Kind = 'code' | 'amounts'

/** How a line of the bank's statement looks, with the part that counts. */
function StatementLine({ kind }: { readonly kind: Kind }): ReactNode {
  const { t } = useBilling()
  const id = useId()
  const rows = kind === 'code' ? [['SM••••', '0.01']] : ['', ''].map(() => ['ACCTVERIFY', '0.••'])
  return (
    <figure className="qt-statement" aria-labelledby={id}>
      <figcaption id={id} className="qt-secondary qt-small">
        {t('verify.example')}
      </figcaption>
      {rows.map(([text, amount], index) => (
        // The rows are alike and never move.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <p key={index} className="qt-code qt-statement-line">
          <span>
            ACH CREDIT <strong>{kind === 'code' ? text : ''}</strong>
            {kind === 'amounts' ? text : ''}
          </span>
          <span>{kind === 'amounts' ? <strong>{amount}</strong> : amount}</span>
        </p>
      ))}
    </figure>
  )
}

/** What stands in the form, as the API takes it; null where it cannot be right. */
function answerIn(kind: Kind, texts: readonly [string, string, string]) {
  const [code, first, second] = texts.map(text => text.trim())
  if (kind === 'code') return /^sm[0-9a-z]{4}$/i.test(code ?? '') ? { descriptorCode: code } : null
  const amounts = [first, second].map(Number)
  const isRight = amounts.every(value => Number.isInteger(value) && value >= 1 && value <= 99)
  return isRight ? { amounts } : null
}

function useAnswer(method: PaymentMethodWire, verification: Verification, onDone: () => void) {
  const [kind, setKind] = useState<Kind>(verification.kind === 'amounts' ? 'amounts' : 'code')
  const [code, setCode] = useState('')
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [isWrong, setWrong] = useState(false)
  const write = useWrite(
    (client, input: { amounts?: number[]; descriptorCode?: string }, options) =>
      client.verifyPaymentMethod(method.id, input, options),
    onDone,
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (write.isPending) return
    const answer = answerIn(kind, [code, first, second])
    setWrong(answer === null)
    if (answer?.descriptorCode !== undefined || answer?.amounts) {
      write.mutate(answer as { amounts?: number[]; descriptorCode?: string })
    }
  }
  return {
    kind,
    setKind,
    code,
    setCode,
    first,
    setFirst,
    second,
    setSecond,
    isWrong,
    write,
    submit,
  }
}

function AnswerFields(props: ReturnType<typeof useAnswer>): ReactNode {
  const { t } = useBilling()
  if (props.kind === 'code') {
    return (
      <TextField
        label={t('verify.code')}
        hint={t('verify.codeHint')}
        value={props.code}
        onChange={props.setCode}
        problem={props.isWrong ? t('verify.codeWrong') : null}
        short
      />
    )
  }
  const problem = props.isWrong ? t('verify.amountsWrong') : null
  return (
    <div className="qt-fields">
      <TextField
        label={t('verify.first')}
        value={props.first}
        onChange={props.setFirst}
        problem={problem}
        numeric
        short
      />
      <TextField
        label={t('verify.second')}
        value={props.second}
        onChange={props.setSecond}
        problem={null}
        numeric
        short
      />
    </div>
  )
}

export interface VerifyMethodProps {
  readonly method: PaymentMethodWire
  readonly onDone: (text: string) => void
  /** Left for later. */
  readonly onClose: () => void
}

function VerifyForm(props: VerifyMethodProps & { readonly verification: Verification }) {
  const { t, reader } = useBilling()
  const { method, verification } = props
  const name = { method: methodName(method, t) }
  const environment = useEnvironment()
  const answer = useAnswer(method, verification, () => props.onDone(t('verify.done', name)))
  const left = answer.kind === 'code' ? verification.codesLeft : verification.amountsLeft
  return (
    <form className="qt-form" onSubmit={answer.submit} noValidate>
      <p>
        {t('verify.lead')}
        {reader.language === 'en' ? ' ' : ''}
        {verification.arrivesAt
          ? t('verify.arrives', { day: { day: verification.arrivesAt } })
          : ''}
      </p>
      <Choices
        look="switch"
        legend={t('verify.with')}
        value={answer.kind}
        onChange={answer.setKind}
        choices={[
          { value: 'code', label: t('verify.withCode') },
          { value: 'amounts', label: t('verify.withAmounts') },
        ]}
      />
      <StatementLine kind={answer.kind} />
      <AnswerFields {...answer} />
      <p className="qt-secondary">
        {t(answer.kind === 'code' ? 'verify.codesLeft' : 'verify.amountsLeft', { count: left })}
        {' · '}
        {t('verify.until', { day: { day: verification.expiresAt } })}
      </p>
      {environment === 'sandbox' ? (
        <p className="qt-chip qt-tone-planned qt-wrap">{t('verify.sandbox')}</p>
      ) : null}
      {answer.write.error ? <ErrorCard of="action" error={answer.write.error} /> : null}
      <div className="qt-row-actions">
        <Button type="submit" kind="primary" busy={answer.write.isPending}>
          {t('verify.submit', name)}
        </Button>
        <Button onClick={props.onClose}>{t('verify.later')}</Button>
      </div>
    </form>
  )
}

/** What a bank account waits for, or why it waits for nothing. */
export function VerifyMethod(props: VerifyMethodProps): ReactNode {
  const { t } = useBilling()
  const { method } = props
  const { verification } = method
  if (method.status === 'pending_verification' && verification !== null) {
    return <VerifyForm {...props} verification={verification} />
  }
  const name = { method: methodName(method, t) }
  const isFailed = method.status === 'verification_failed'
  return <p role="status">{t(isFailed ? 'verify.failed' : 'verify.closed', name)}</p>
}
