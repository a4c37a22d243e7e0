// Stripe's list answers: newest first, paged by object ids, filtered by creation time.

import { invalidParameter, noSuch } from './failures.ts'
import type { FormRecord } from './form.ts'
import { integer, onlyKnown, text } from './params.ts'
import type { ApiObject } from './tables.ts'

type ListPage<Row> = { object: 'list'; url: string; has_more: boolean; data: Row[] }

const pageParams = ['limit', 'starting_after', 'ending_before'] as const

function limitOf(params: FormRecord): number {
  const limit = integer(params, 'limit') ?? 10
  if (limit < 1 || limit > 100) {
    const bound = limit < 1 ? 'greater than or equal to 1' : 'less than or equal to 100'
    throw invalidParameter(`This value must be ${bound}.`, 'limit', 'parameter_invalid_integer')
  }
  return limit
}

function indexOfCursor(rows: ApiObject[], id: string, param: string): number {
  const index = rows.findIndex(row => row.id === id)
  if (index < 0) throw noSuch('object', id, param)
  return index
}

/** One page of rows given newest first. `known` are the filters the caller has already applied. */
export function listPage<Row extends ApiObject>(
  params: FormRecord,
  url: string,
  newestFirst: Iterable<Row>,
  known: readonly string[] = [],
): ListPage<Row> {
  onlyKnown(params, [...pageParams, ...known])
  const limit = limitOf(params)
  const after = text(params, 'starting_after')
  const before = text(params, 'ending_before')
  if (after !== undefined && before !== undefined) {
    throw invalidParameter(
      'You can only use one of starting_after and ending_before.',
      'starting_after',
      'parameters_exclusive',
    )
  }
  const rows = [...newestFirst]
  if (before !== undefined) {
    const end = indexOfCursor(rows, before, 'ending_before')
    const start = Math.max(0, end - limit)
    return { object: 'list', url, has_more: start > 0, data: rows.slice(start, end) }
  }
  const start = after === undefined ? 0 : indexOfCursor(rows, after, 'starting_after') + 1
  const data = rows.slice(start, start + limit)
  return { object: 'list', url, has_more: rows.length > start + limit, data }
}

/** A predicate from a `created` filter: a number, or gt/gte/lt/lte bounds in epoch seconds. */
export function timeFilter(params: FormRecord, name = 'created'): (at: number) => boolean {
  const given = params[name]
  if (given === undefined) return () => true
  if (typeof given === 'string') {
    const exact = integer(params, name)
    return at => at === exact
  }
  if (Array.isArray(given)) throw invalidParameter(`Invalid object: ${name}`, name)
  onlyKnown(given, ['gt', 'gte', 'lt', 'lte'], name)
  const bound = (key: string) => integer(given, key, `${name}[${key}]`)
  const [above, from, below, to] = [bound('gt'), bound('gte'), bound('lt'), bound('lte')]
  return at =>
    (above === undefined || at > above) &&
    (from === undefined || at >= from) &&
    (below === undefined || at < below) &&
    (to === undefined || at <= to)
}

export function* where<Row>(rows: Iterable<Row>, wanted: (row: Row) => boolean): Generator<Row> {
  for (const row of rows) if (wanted(row)) yield row
}
