// A long text as it is: a region that keys can scroll.
import type { ReactNode } from 'react'

export function Payload({
  label,
  text,
}: {
  readonly label: string
  readonly text: string
}): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className="op-payload qt-code" aria-label={label} tabIndex={0}>
      {text}
    </section>
  )
}
