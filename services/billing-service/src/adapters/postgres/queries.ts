// The text of every read. A tenant's read outside a transaction sets the tenant and reads in one statement;
// inside a transaction, and on the system handle, the statement stands alone.
import type { Asker, FilterPlan, KeyPlan, QueryPlan, UntypedFilter } from '../../ports/query.ts'
import type { Statement } from './connect.ts'
import { type Column, columnOf, type Table, toParameter } from './rows.ts'

/** How a statement learns whose rows it may see. */
export type Mode = 'alone' | 'in_transaction'

export interface Asking extends Asker {
  readonly mode: Mode
}

/** The parameters of a statement under construction. */
export class Parameters {
  readonly values: unknown[] = []

  add(value: unknown, sqlType: string): `$${number}::${string}` {
    this.values.push(value)
    return `$${this.values.length}::${sqlType}`
  }

  of(column: Column, value: unknown): string {
    return this.add(toParameter(column, value), column.sqlType)
  }

  listOf(column: Column, values: readonly unknown[]): string {
    const list = values.map(value => toParameter(column, value))
    return this.add(list, `${column.sqlType}[]`)
  }
}

interface Read {
  readonly asking: Asking
  readonly table: Table
  readonly parameters: Parameters
  /** Conditions on the alias `r`; the tenant's own is added. */
  readonly conditions: readonly string[]
  readonly select: string
  /** What stands before the table in the `from` list. */
  readonly source?: string
  readonly tail?: string
  /** What is made of the rows, as `p`, by which they are answered as one. */
  readonly gathered?: string
}

/**
 * A tenant's read alone sets the tenant in a step that is carried out first, and joins the table to it. The
 * subquery refers to that step and cannot be pulled up (`offset 0`), so no plan can read the table earlier;
 * the setting ends with the statement. Measured at 0.97 of a plain read, where a transaction costs 0.37.
 */
function readStatement(read: Read): Statement {
  const { asking, table, parameters, conditions } = read
  const { tenantId, mode } = asking
  if (table.shape.scope === 'system' || tenantId === null) {
    return { text: textOf(read, 'all', conditions), values: parameters.values }
  }
  const tenant = parameters.add(tenantId, 'text')
  const whose = `r.tenant_id = ${mode === 'alone' ? 't.v' : tenant}`
  const text = textOf(read, mode === 'alone' ? tenant : 'known', [whose, ...conditions])
  return { text, values: parameters.values }
}

/** What is asked again is the same string, so that it is put together and looked up by its hash once. */
const texts = new Map<string, Map<string, string>>()

/** `setting` names the parameter from which the statement sets the tenant; else it needs none, or has it set. */
function textOf(
  { table, select, source = '', tail = '', gathered = '' }: Read,
  setting: 'all' | 'known' | `$${string}`,
  conditions: readonly string[],
): string {
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`
  const rest = `${source}${table.name} r${where}${tail}`
  const ofSelect = texts.get(select) ?? new Map<string, string>()
  texts.set(select, ofSelect)
  const name = `${setting} ${gathered} ${rest}`
  const known = ofSelect.get(name)
  if (known !== undefined) return known
  const each = `select ${select} from ${rest}`
  const rows = gathered === '' ? each : `select ${gathered} from (${each}) p`
  const text = setting.startsWith('$')
    ? `with t as materialized (select set_config('app.tenant_id', ${setting}, true) as v) ` +
      `select s.* from t, lateral (${rows} offset 0) s`
    : rows
  ofSelect.set(name, text)
  return text
}

function conditionSql(
  table: Table,
  parameters: Parameters,
  { field, values, single }: FilterPlan['conditions'][number],
): string {
  const column = columnOf(table, field)
  const [only] = values
  if (single) {
    return only === null
      ? `r.${column.name} is null`
      : `r.${column.name} = ${parameters.of(column, only)}`
  }
  const given = values.filter(value => value !== null)
  const among = `r.${column.name} = any(${parameters.listOf(column, given)})`
  return given.length === values.length ? among : `(${among} or r.${column.name} is null)`
}

function rangeSql(
  table: Table,
  parameters: Parameters,
  range: NonNullable<UntypedFilter['range']>,
): string[] {
  const column = columnOf(table, range.field)
  const sql = [`r.${column.name} is not null`]
  if (range.from !== undefined) sql.push(`r.${column.name} >= ${parameters.of(column, range.from)}`)
  if (range.to !== undefined) sql.push(`r.${column.name} < ${parameters.of(column, range.to)}`)
  return sql
}

function filterSql(table: Table, parameters: Parameters, plan: FilterPlan): string[] {
  return [
    ...plan.conditions.map(condition => conditionSql(table, parameters, condition)),
    ...(plan.range ? rangeSql(table, parameters, plan.range) : []),
  ]
}

/** Whether a row is held until the transaction ends: against all others, or against writers alone. */
export type Hold = 'none' | 'alone' | 'shared'

// Keys never change, so rows that refer to a held one (and share-lock its key) need not wait.
const holdTails: Readonly<Record<Hold, string>> = {
  none: '',
  alone: ' for no key update',
  shared: ' for share',
}

/** One row by its key, held or only read. */
export function keyStatement(
  asking: Asking,
  table: Table,
  key: KeyPlan,
  hold: Hold = 'none',
): Statement {
  const parameters = new Parameters()
  const conditions = key.fields.flatMap((field, at) => {
    const column = columnOf(table, field)
    const known = field === 'tenantId' && key.values[at] === asking.tenantId
    return known ? [] : [`r.${column.name} = ${parameters.of(column, key.values[at])}`]
  })
  return readStatement({
    asking,
    table,
    parameters,
    conditions,
    select: table.selected,
    tail: holdTails[hold],
  })
}

/** The rows of many keys over the same fields, in any order. */
export function keysStatement(
  asking: Asking,
  table: Table,
  fields: readonly string[],
  keys: readonly (readonly unknown[])[],
): Statement {
  const parameters = new Parameters()
  const columns = fields.map(field => columnOf(table, field))
  const lists = columns.map((column, at) => {
    const values = keys.map(key => key[at])
    return parameters.listOf(column, values)
  })
  const names = columns.map(({ name }) => name)
  return readStatement({
    asking,
    table,
    parameters,
    source: `unnest(${lists.join(', ')}) as k(${names.join(', ')}), `,
    conditions: names.map(name => `r.${name} = k.${name}`),
    select: table.selected,
  })
}

function pageRead(asking: Asking, table: Table, plan: QueryPlan, select: string): Read {
  const parameters = new Parameters()
  const columns = plan.order.map(field => columnOf(table, field))
  const conditions = filterSql(table, parameters, plan)
  if (plan.present !== null) conditions.push(`r.${columnOf(table, plan.present).name} is not null`)
  if (plan.after !== null) {
    const { after } = plan
    const names = columns.map(({ name }) => `r.${name}`).join(', ')
    const values = columns.map((column, at) => parameters.of(column, after[at])).join(', ')
    conditions.push(`(${names}) ${plan.direction === 'asc' ? '>' : '<'} (${values})`)
  }
  const order = columns.map(({ name }) => `r.${name} ${plan.direction}`).join(', ')
  const limit = parameters.add(plan.limit + 1, 'bigint')
  const tail = ` order by ${order} limit ${limit}`
  return { asking, table, parameters, conditions, select, tail }
}

/** One page, and one row more to tell whether another follows. */
export const pageStatement = (asking: Asking, table: Table, plan: QueryPlan): Statement =>
  readStatement(pageRead(asking, table, plan, table.selected))

const gatheredAs = ({ name, type }: Column): string => {
  if (type === 'decimal') return `json_agg(p.${name}::text)`
  if (type === 'instant') {
    return `json_agg(floor(extract(epoch from p.${name}) * 1000)::bigint)`
  }
  return `json_agg(p.${name})`
}

/**
 * The same page of some fields as one row: each column the list of its values, or null of no rows. A value by itself
 * costs the driver some 0.2 us, a whole list little more.
 */
export function columnsStatement(
  asking: Asking,
  table: Table,
  plan: QueryPlan,
  fields: readonly string[],
): Statement {
  const columns = fields.map(field => columnOf(table, field))
  const select = columns.map(({ name }) => `r.${name}`).join(', ')
  const gathered = columns.map(column => `${gatheredAs(column)} as "${column.field}"`).join(', ')
  return readStatement({ ...pageRead(asking, table, plan, select), gathered })
}

export function countStatement(asking: Asking, table: Table, plan: FilterPlan): Statement {
  const parameters = new Parameters()
  const conditions = filterSql(table, parameters, plan)
  return readStatement({ asking, table, parameters, conditions, select: 'count(*) as count' })
}

export interface SumPlan extends FilterPlan {
  readonly sum: readonly string[]
  readonly groupBy: readonly string[]
  readonly bucket?: {
    readonly field: string
    readonly unit: 'day' | 'month'
    readonly zone: string
  }
}

const offsetPattern = /^[+-]\d{2}(:?\d{2})?$/

// A fixed offset given as text would be read the POSIX way, with its sign turned round.
function bucketSql(
  table: Table,
  parameters: Parameters,
  { field, unit, zone }: NonNullable<SumPlan['bucket']>,
): string {
  const at = parameters.add(zone, offsetPattern.test(zone) ? 'interval' : 'text')
  const local = `r.${columnOf(table, field).name} at time zone ${at}`
  return `to_char(date_trunc('${unit}', ${local}), 'YYYY-MM-DD')`
}

/** Groups as columns `g0, g1, ...`, `bucket`, `count`, `s0, s1, ...`. */
export function sumStatement(asking: Asking, table: Table, plan: SumPlan): Statement {
  const parameters = new Parameters()
  const groups = plan.groupBy.map((field, at) => `r.${columnOf(table, field).name} as g${at}`)
  if (plan.bucket) groups.push(`${bucketSql(table, parameters, plan.bucket)} as bucket`)
  const sums = plan.sum.map((field, at) => {
    return `coalesce(sum(r.${columnOf(table, field).name}), 0)::numeric as s${at}`
  })
  const conditions = filterSql(table, parameters, plan)
  if (plan.bucket) conditions.push(`r.${columnOf(table, plan.bucket.field).name} is not null`)
  const positions = groups.map((_, at) => at + 1)
  return readStatement({
    asking,
    table,
    parameters,
    conditions,
    select: [...groups, 'count(*) as count', ...sums].join(', '),
    tail: positions.length === 0 ? '' : ` group by ${positions.join(', ')}`,
  })
}
