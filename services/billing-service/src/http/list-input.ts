// The query of a list, read: times as instants, ids checked for their shape.
import type { ListInput } from '../actions/read-list.ts'
import { fromIso } from '../core/time.ts'
import type { Page } from '../ports/store.ts'

interface ListQuery {
  readonly limit?: number
  readonly cursor?: string
  readonly from?: string
  readonly to?: string
}

/** Refuses `invalid_timestamp`. */
export const listInput = (query: ListQuery): ListInput => ({
  limit: query.limit,
  cursor: query.cursor,
  from: query.from === undefined ? undefined : fromIso(query.from, '/from'),
  to: query.to === undefined ? undefined : fromIso(query.to, '/to'),
})

/** Equality on the fields that the query names. */
export function whereOf<T extends Record<string, unknown>>(
  query: T,
  fields: readonly (keyof T & string)[],
): Partial<T> {
  return Object.fromEntries(
    fields.filter(field => query[field] !== undefined).map(field => [field, query[field]]),
  ) as Partial<T>
}

export const pageToWire = <R, W>(page: Page<R>, toWire: (row: R) => W) => ({
  data: page.rows.map(toWire),
  hasMore: page.nextCursor !== null,
  nextCursor: page.nextCursor,
})
