// A record at the side of its list. Which one is open stands in the address.
import { Drawer } from 'antd'
import type { ReactNode } from 'react'
import { useAddress } from '../address.ts'
import { useWords } from '../words/words.ts'

export interface Peek {
  /** The id of the open record. */
  readonly id: string | undefined
  readonly open: (id: string) => void
  readonly close: () => void
}

export function usePeek(): Peek {
  const { search, change } = useAddress()
  return {
    id: search.peek,
    open: id => change({ peek: id }),
    close: () => change({ peek: null }),
  }
}

/** Opens a record of a list from its cell, also by keys. */
export function PeekButton({
  id,
  children,
}: {
  readonly id: string
  readonly children: ReactNode
}): ReactNode {
  const peek = usePeek()
  return (
    <button type="button" className="op-peek qt-link" onClick={() => peek.open(id)}>
      {children}
    </button>
  )
}

export interface PeekDrawerProps {
  readonly title: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Opens with its mount. */
export function PeekDrawer({ title, onClose, children }: PeekDrawerProps): ReactNode {
  const t = useWords()
  return (
    <Drawer
      open
      title={<h2 className="op-drawer-title">{title}</h2>}
      size="min(640px, 100vw)"
      onClose={onClose}
      closable={{ 'aria-label': t('act.close') }}
    >
      <div className="op-peeked">{children}</div>
    </Drawer>
  )
}
