// Buttons and links of the pages. At most one `primary` button belongs on a view.
import type { MouseEvent, ReactNode } from 'react'
import { useBilling } from '../billing-context.ts'

export type ButtonKind = 'primary' | 'plain' | 'text' | 'danger'

export interface ButtonProps {
  readonly kind?: ButtonKind
  readonly type?: 'button' | 'submit'
  /** While the action runs: the button keeps its words and cannot be pressed again. */
  readonly busy?: boolean
  readonly disabled?: boolean
  readonly label?: string
  readonly expanded?: boolean
  readonly controls?: string
  readonly onClick?: () => void
  readonly children: ReactNode
}

export function Button(props: ButtonProps): ReactNode {
  const { t } = useBilling()
  const { kind = 'plain', type = 'button', busy = false, disabled = false } = props
  return (
    <button
      type={type}
      className={`qt-button qt-button-${kind}`}
      disabled={disabled}
      aria-disabled={busy || undefined}
      aria-label={props.label}
      aria-expanded={props.expanded}
      aria-controls={props.controls}
      onClick={event => {
        if (busy) event.preventDefault()
        else props.onClick?.()
      }}
    >
      {props.children}
      {busy ? (
        <span className="qt-busy" role="status">
          <span className="qt-hidden">{t('common.working')}</span>
        </span>
      ) : null}
    </button>
  )
}

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey

export interface PageLinkProps {
  /** Without an address the words stand alone. */
  readonly href: string | undefined
  readonly className?: string
  readonly children: ReactNode
}

/** A link to a page of the host, opened without loading where the host can do that. */
export function PageLink({ href, className = 'qt-link', children }: PageLinkProps): ReactNode {
  const { navigate } = useBilling()
  if (href === undefined) return <span>{children}</span>
  const follow = (event: MouseEvent) => {
    if (!navigate || !isPlainClick(event)) return
    event.preventDefault()
    navigate(href)
  }
  return (
    <a className={className} href={href} onClick={follow}>
      {children}
    </a>
  )
}
