// What a page says when there is nothing, when something failed, and when something was done.
import { BillingError } from '@quittance/billing-client/error'
import { type ReactNode, useState } from 'react'
import { useBilling } from '../billing-context.ts'
import { hasUnknownOutcome } from '../data/write.ts'
import type { Translate } from '../words/words.ts'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

export interface EmptyTeachProps {
  /** One sentence: what appears here and when. */
  readonly title: string
  readonly hint?: string
  /** One action at most. */
  readonly children?: ReactNode
}

/** An empty place that says what will stand here. */
export function EmptyTeach({ title, hint, children }: EmptyTeachProps): ReactNode {
  return (
    <div className="qt-empty">
      <p>{title}</p>
      {hint ? <p className="qt-secondary">{hint}</p> : null}
      {children}
    </div>
  )
}

/** Ids are never cut: they are copied. */
function CopyText({ text }: { readonly text: string }): ReactNode {
  const { t } = useBilling()
  const [copied, setCopied] = useState(false)
  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <span className="qt-copy">
      <code className="qt-code">{text}</code>
      <Button kind="text" label={`${t('common.copy')} ${text}`} onClick={copy}>
        <span aria-live="polite">{copied ? t('common.copied') : t('common.copy')}</span>
      </Button>
    </span>
  )
}

export interface ErrorCardProps {
  readonly error: unknown
  /** What was tried: reading this part, or an action of the reader. */
  readonly of?: 'page' | 'action'
  readonly onRetry?: () => void
}

function reasonOf(error: unknown, t: Translate): string {
  if (!(error instanceof BillingError)) return t('error.network')
  if (error.status === 0) return t('error.network')
  if (error.status === 401) return t('error.signedOut')
  return error.detail
}

/** A decline and its kind already say in their own sentence what is safe. */
const isDecision = (error: unknown): boolean =>
  error instanceof BillingError && (error.status === 402 || error.status === 409)

/** What failed, what is safe, one action, and the id to quote. */
export function ErrorCard({ error, of = 'page', onRetry }: ErrorCardProps): ReactNode {
  const { t } = useBilling()
  const requestId = error instanceof BillingError ? error.requestId : null
  const unknown = of === 'action' && hasUnknownOutcome(error)
  return (
    <div className="qt-error" role="alert">
      <Icon name="exclamation" />
      <div className="qt-error-text">
        <p className="qt-strong">{t(of === 'page' ? 'error.title' : 'error.actionTitle')}</p>
        <p>{unknown ? t('error.unknownOutcome') : reasonOf(error, t)}</p>
        {of === 'action' && !unknown && !isDecision(error) ? <p>{t('error.safe')}</p> : null}
        {requestId ? (
          <p className="qt-secondary qt-small">
            {t('error.requestId')} <CopyText text={requestId} />
          </p>
        ) : null}
      </div>
      {onRetry ? <Button onClick={onRetry}>{t('common.retry')}</Button> : null}
    </div>
  )
}

/** The result of an action, said on the page and to screen readers. */
export function DoneNotice({ text }: { readonly text: string | null }): ReactNode {
  return (
    <div className="qt-done" role="status">
      {text ? (
        <>
          <Icon name="check-circle" />
          <span>{text}</span>
        </>
      ) : null}
    </div>
  )
}
