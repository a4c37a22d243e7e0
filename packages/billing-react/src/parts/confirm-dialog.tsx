// A question before money moves or something is lost. The native dialog traps the focus, closes on
// Escape and gives the focus back; it is a sheet at the bottom on phones.
import { type ReactNode, type SubmitEvent, useId, useLayoutEffect, useRef } from 'react'
import { useBilling } from '../billing-context.ts'
import { Button } from './button.tsx'
import { ErrorCard } from './notices.tsx'

export interface ConfirmDialogProps {
  readonly title: string
  /** Names the object and, where it is known, the amount. Null: there is nothing to confirm. */
  readonly confirm: string | null
  readonly keep?: string
  readonly danger?: boolean
  readonly busy: boolean
  readonly error: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Opens with its mount and closes with its unmount. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const { t } = useBilling()
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    // Closed before it leaves the page, because only closing gives the focus back.
    return () => element?.close()
  }, [])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!props.busy) props.onConfirm()
  }
  return (
    <dialog
      ref={dialog}
      className="qt-dialog"
      aria-labelledby={titleId}
      onCancel={event => {
        event.preventDefault()
        if (!props.busy) props.onClose()
      }}
    >
      <form onSubmit={submit}>
        <h2 id={titleId} className="qt-dialog-title">
          {props.title}
        </h2>
        <div className="qt-dialog-body">{props.children}</div>
        {props.error ? <ErrorCard of="action" error={props.error} /> : null}
        <div className="qt-dialog-actions">
          {props.confirm === null ? null : (
            <Button type="submit" kind={props.danger ? 'danger' : 'primary'} busy={props.busy}>
              {props.confirm}
            </Button>
          )}
          <Button disabled={props.busy} onClick={props.onClose}>
            {props.keep ?? t('common.keep')}
          </Button>
        </div>
      </form>
    </dialog>
  )
}
