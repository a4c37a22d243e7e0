// The acts that a page offers: which one is open, and what the last one did, told to everybody.
import { type ReactNode, useState } from 'react'
import type { ActProps } from './act-props.ts'

export interface Acts<Name extends string> {
  readonly open: (name: Name) => void
  /** Draws the open act; nothing while none is. */
  readonly draw: (draw: (name: Name, props: ActProps) => ReactNode) => ReactNode
  /** What was done last, also for screen readers. */
  readonly told: ReactNode
}

export function useActs<Name extends string>(): Acts<Name> {
  const [name, setName] = useState<Name | null>(null)
  const [told, setTold] = useState<string | null>(null)
  const props: ActProps = {
    onDone: text => {
      setTold(text)
      setName(null)
    },
    onClose: () => setName(null),
  }
  return {
    open: next => {
      setTold(null)
      setName(next)
    },
    draw: draw => (name === null ? null : draw(name, props)),
    told: (
      <div className="op-told" role="status">
        {told}
      </div>
    ),
  }
}
