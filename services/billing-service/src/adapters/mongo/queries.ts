// What the plans of the port mean in the database's words: filters, orders and groups. Every filter of a
// tenant's handle names the tenant.
import type { Asker, FilterPlan, KeyPlan, QueryPlan } from '../../ports/query.ts'
import type { Shape } from '../../ports/shape.ts'
import { type Bson, type Stored, toStored } from './rows.ts'

export type Filter = Record<string, unknown>

/** All of the conditions; an empty list asks nothing. */
const all = (conditions: readonly Filter[]): Filter =>
  conditions.length === 0 ? {} : conditions.length === 1 ? conditions[0]! : { $and: conditions }

/** The tenant first, in every filter of its handle. */
export function ofTenant(bson: Bson, asker: Asker, shape: Shape, conditions: readonly Filter[]) {
  if (shape.scope === 'system' || asker.tenantId === null) return all(conditions)
  const tenantId = toStored(bson, shape, 'tenantId', asker.tenantId)
  return conditions.length === 0 ? { tenantId } : { tenantId, $and: conditions }
}

export function keyFilter(bson: Bson, asker: Asker, shape: Shape, key: KeyPlan): Filter {
  const fields = key.fields.map((field, at): [string, unknown] => [
    field,
    toStored(bson, shape, field, key.values[at]),
  ])
  return ofTenant(bson, asker, shape, [Object.fromEntries(fields)])
}

/** Any of the keys, all over the same fields. Those of one field become one list. */
export function keysFilter(
  bson: Bson,
  shape: Shape,
  fields: readonly string[],
  keys: readonly (readonly unknown[])[],
): Filter {
  const stored = keys.map(key => fields.map((field, at) => toStored(bson, shape, field, key[at])))
  const last = fields.length - 1
  const lead = fields.slice(0, last)
  const groups = new Map<
    string,
    { readonly lead: readonly unknown[]; readonly values: unknown[] }
  >()
  for (const [at, key] of stored.entries()) {
    const name = JSON.stringify(keys[at]?.slice(0, last))
    const group = groups.get(name) ?? { lead: key.slice(0, last), values: [] }
    group.values.push(key[last])
    groups.set(name, group)
  }
  const filters = [...groups.values()].map(group => ({
    ...Object.fromEntries(lead.map((field, at) => [field, group.lead[at]])),
    [fields[last] ?? '']: { $in: group.values },
  }))
  return filters.length === 1 ? filters[0]! : { $or: filters }
}

function conditionFilter(
  bson: Bson,
  shape: Shape,
  { field, values, single }: FilterPlan['conditions'][number],
): Filter {
  const stored = values.map(value => (value === null ? null : toStored(bson, shape, field, value)))
  return { [field]: single ? { $eq: stored[0] } : { $in: stored } }
}

function rangeFilter(bson: Bson, shape: Shape, range: NonNullable<FilterPlan['range']>): Filter {
  const { field, from, to } = range
  return {
    [field]: {
      $ne: null,
      ...(from === undefined ? {} : { $gte: toStored(bson, shape, field, from) }),
      ...(to === undefined ? {} : { $lt: toStored(bson, shape, field, to) }),
    },
  }
}

export function conditionsOf(bson: Bson, shape: Shape, plan: FilterPlan): Filter[] {
  return [
    ...plan.conditions.map(condition => conditionFilter(bson, shape, condition)),
    ...(plan.range ? [rangeFilter(bson, shape, plan.range)] : []),
  ]
}

// Comparisons stay within a type of the database, and names of tenants are of two: text stands before ids.
function beyond(field: string, value: unknown, direction: 'asc' | 'desc'): Filter {
  const next = { [field]: { [direction === 'asc' ? '$gt' : '$lt']: value } }
  if (field !== 'tenantId') return next
  const other = { [field]: { $type: direction === 'asc' ? 'objectId' : 'string' } }
  return (typeof value === 'string') === (direction === 'asc') ? { $or: [next, other] } : next
}

/** Rows that stand after the last one of the page before. */
function afterFilter(bson: Bson, shape: Shape, plan: QueryPlan, after: readonly unknown[]): Filter {
  const values = plan.order.map((field, at) => toStored(bson, shape, field, after[at]))
  const places = plan.order.map((field, at) => {
    const same = plan.order.slice(0, at).map((name, place) => ({ [name]: { $eq: values[place] } }))
    return all([...same, beyond(field, values[at], plan.direction)])
  })
  return places.length === 1 ? places[0]! : { $or: places }
}

export function pageFilter(bson: Bson, asker: Asker, shape: Shape, plan: QueryPlan): Filter {
  const conditions = conditionsOf(bson, shape, plan)
  if (plan.present !== null) conditions.push({ [plan.present]: { $ne: null } })
  if (plan.after !== null) conditions.push(afterFilter(bson, shape, plan, plan.after))
  return ofTenant(bson, asker, shape, conditions)
}

export const sortOf = (plan: QueryPlan): Record<string, 1 | -1> =>
  Object.fromEntries(plan.order.map(field => [field, plan.direction === 'asc' ? 1 : -1]))

export interface SumPlan extends FilterPlan {
  readonly sum: readonly string[]
  readonly groupBy: readonly string[]
  readonly bucket?: {
    readonly field: string
    readonly unit: 'day' | 'month'
    readonly zone: string
  }
}

/**
 * Groups as `_id.g0, _id.g1, ...`, `_id.bucket`, `count`, `s0, s1, ...`. Whole numbers are added as decimals
 * of 34 digits: sums of 64 bits would turn into binary fractions when they overflow.
 */
export function sumPipeline(bson: Bson, asker: Asker, shape: Shape, plan: SumPlan): Stored[] {
  const { bucket } = plan
  const conditions = conditionsOf(bson, shape, plan)
  if (bucket) conditions.push({ [bucket.field]: { $ne: null } })
  const groups = plan.groupBy.map((field, at): [string, unknown] => [`g${at}`, `$${field}`])
  if (bucket) {
    const format = bucket.unit === 'day' ? '%Y-%m-%d' : '%Y-%m-01'
    const local = { date: `$${bucket.field}`, timezone: bucket.zone, format }
    groups.push(['bucket', { $dateToString: local }])
  }
  const sums = plan.sum.map((field, at): [string, unknown] => [
    `s${at}`,
    { $sum: { $toDecimal: `$${field}` } },
  ])
  return [
    { $match: ofTenant(bson, asker, shape, conditions) },
    {
      $group: {
        _id: groups.length === 0 ? null : Object.fromEntries(groups),
        count: { $sum: 1 },
        ...Object.fromEntries(sums),
      },
    },
  ]
}
