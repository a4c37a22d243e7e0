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

/** The rows of all pages; while those of one are used, the next is on its way. */
export async function* rowsAhead<R>(
  pageAt: (cursor: string | null) => Promise<Page<R>>,
): AsyncGenerator<R> {
  let coming: Promise<Page<R>> | null = pageAt(null)
  while (coming !== null) {
    const { rows, nextCursor }: Page<R> = await coming
    coming = nextCursor === null ? null : pageAt(nextCursor)
    // Whoever stops reading never hears of an error of the page that was on its way.
    coming?.catch(() => undefined)
    for (const row of rows) yield row
  }
}
