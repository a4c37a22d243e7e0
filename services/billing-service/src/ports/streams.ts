// The verbs of ports that answer rows as they are read. Whoever wraps a port must know them: they are no promises.
import type { CollectionName } from './collections.ts'
import type { Processor } from './processor.ts'
import type { Page, Reads } from './store.ts'

type Streaming<P> = {
  [K in keyof P]-?: NonNullable<P[K]> extends (...args: never[]) => AsyncIterable<unknown>
    ? K
    : never
}[keyof P]

type StreamVerb =
  | Streaming<Reads<CollectionName>>
  | Streaming<Processor>
  | Streaming<NonNullable<Processor['billing']>>

const verbs: Readonly<Record<StreamVerb, true>> = {
  stream: true,
  streamFields: true,
  listEvents: true,
  walk: true,
}

/** Whether a verb answers a stream; a new one that is not named here does not compile. */
export const isStream = (verb: string): boolean => Object.hasOwn(verbs, verb)

/**
 * The rows of all pages. While those of one are used the next is on its way, and the one after it is asked for as soon
 * as that is here: the database does not wait for whoever reads, nor he for it.
 */
export async function* rowsAhead<R>(
  pageAt: (cursor: string | null) => Promise<Page<R>>,
): AsyncGenerator<R> {
  const after = (before: Promise<Page<R> | null>): Promise<Page<R> | null> => {
    const next = before.then(page => (page?.nextCursor == null ? null : pageAt(page.nextCursor)))
    // Whoever stops reading never hears of an error of a page that was on its way.
    next.catch(() => undefined)
    return next
  }
  let coming: Promise<Page<R> | null> = pageAt(null)
  let following = after(coming)
  for (let page = await coming; page !== null; page = await coming) {
    coming = following
    following = after(coming)
    for (const row of page.rows) yield row
  }
}
