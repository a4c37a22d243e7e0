// One page of a tenant's list, newest first.

import type { Deps } from '../deps.ts'
import type { CollectionName, RowOf, TenantCollection } from '../ports/collections.ts'
import type { Page, Where } from '../ports/store.ts'

export interface ListInput {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
  /** Epoch milliseconds: created at or after, created before. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

type Listed = Exclude<
  {
    [C in TenantCollection]: RowOf<C> extends { createdAt: number; id: string } ? C : never
  }[TenantCollection],
  'tenants' | 'idempotentAnswers'
>

const limitDefault = 20

/** Reads a page. Refuses `invalid_cursor`. */
export function readList<C extends Listed>(
  deps: Deps,
  tenantId: string,
  collection: C,
  where: Where<C>,
  input: ListInput,
): Promise<Page<RowOf<C>>> {
  const createdAt = 'createdAt' as keyof RowOf<C> & string
  const bounded = input.from !== undefined || input.to !== undefined
  return deps.store.of(tenantId).list(collection, {
    where,
    ...(bounded ? { range: rangeOf(createdAt, input) } : {}),
    order: { field: createdAt, direction: 'desc' },
    limit: input.limit ?? limitDefault,
    cursor: input.cursor ?? null,
  })
}

type Recorded = {
  [C in TenantCollection]: RowOf<C> extends { recordedAt: number } ? C : never
}[TenantCollection]

/** Reads a page of what was recorded, newest first; `from` and `to` are real time. Refuses `invalid_cursor`. */
export function listRecorded<C extends Recorded>(
  deps: Deps,
  tenantId: string,
  collection: C,
  { where, input }: { readonly where: Where<C>; readonly input: ListInput },
): Promise<Page<RowOf<C>>> {
  const recordedAt = 'recordedAt' as keyof RowOf<C> & string
  const bounded = input.from !== undefined || input.to !== undefined
  return deps.store.of(tenantId).list(collection, {
    where,
    ...(bounded ? { range: rangeOf(recordedAt, input) } : {}),
    order: { field: recordedAt, direction: 'desc' },
    limit: input.limit ?? limitDefault,
    cursor: input.cursor ?? null,
  })
}

/** Reads a page over all tenants, newest first by one of its times. Refuses `invalid_cursor`. */
export function listSystem<C extends CollectionName>(
  deps: Deps,
  collection: C,
  field: keyof RowOf<C> & string,
  { where, input }: { readonly where: Where<C>; readonly input: ListInput },
): Promise<Page<RowOf<C>>> {
  const bounded = input.from !== undefined || input.to !== undefined
  return deps.store.system.list(collection, {
    where,
    ...(bounded ? { range: rangeOf(field, input) } : {}),
    order: { field, direction: 'desc' },
    limit: input.limit ?? limitDefault,
    cursor: input.cursor ?? null,
  })
}

/** The range of a list: at or after `from`, before `to`. */
const rangeOf = <F extends string>(field: F, { from, to }: ListInput) => ({
  field,
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
})
