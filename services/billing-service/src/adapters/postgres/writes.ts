// The text of every write. Many rows travel as one array per column (`unnest`): half the cost of a list of
// values, and no limit on the number of parameters.

import type { KeyPlan } from '../../ports/query.ts'
import { countedFields, fullKey, isVersioned, type Row } from '../../ports/shape.ts'
import type { SeriesScope } from '../../ports/store.ts'
import type { Statement } from './connect.ts'
import { Parameters } from './queries.ts'
import { type Column, columnOf, columnText, schemaName, type Table } from './rows.ts'

const namesOf = (columns: readonly Column[], alias = ''): string =>
  columns.map(({ name }) => `${alias}${name}`).join(', ')

const keyColumns = (table: Table): Column[] =>
  fullKey(table.shape).map(field => columnOf(table, field))

/** Columns that a replacement writes: all but the key, and the version, which counts by itself. */
function changedColumns(table: Table): Column[] {
  const fixed = new Set(fullKey(table.shape))
  if (isVersioned(table.shape)) fixed.add('version')
  return table.columns.filter(({ field }) => !fixed.has(field))
}

export function insertStatement(table: Table, row: Row): Statement {
  const parameters = new Parameters()
  const values = table.columns.map(column => parameters.of(column, row[column.field]))
  return {
    text: `insert into ${table.name} (${namesOf(table.columns)}) values (${values.join(', ')})`,
    values: parameters.values,
  }
}

/** Rows as a table of their own, typed by the columns. */
function rowsSource(parameters: Parameters, columns: readonly Column[], rows: readonly Row[]) {
  const lists = columns.map(column =>
    parameters.add(columnText(column, rows), `${column.sqlType}[]`),
  )
  return `unnest(${lists.join(', ')}) as n(${namesOf(columns)})`
}

/** Rows that may be skipped are written in the order of their keys, so that two writers cannot deadlock. */
export function insertManyStatement(table: Table, rows: readonly Row[], skip: boolean): Statement {
  const parameters = new Parameters()
  const source = rowsSource(parameters, table.columns, rows)
  const order = skip ? ` order by ${namesOf(keyColumns(table), 'n.')} on conflict do nothing` : ''
  return {
    text:
      `insert into ${table.name} (${namesOf(table.columns)}) ` +
      `select ${namesOf(table.columns, 'n.')} from ${source}${order}`,
    values: parameters.values,
  }
}

/** Rows that may be skipped; answers the keys of what was written. */
export function insertReturningStatement(table: Table, rows: readonly Row[]): Statement {
  const { text, values } = insertManyStatement(table, rows, true)
  const keys = keyColumns(table).map(({ name, field }) => `${name} as "${field}"`)
  return { text: `${text} returning ${keys.join(', ')}`, values }
}

/** Adds what rows count to the stored ones, in the order of their keys. */
export function addStatement(table: Table, rows: readonly Row[]): Statement {
  const parameters = new Parameters()
  const source = rowsSource(parameters, table.columns, rows)
  const counted = countedFields(table.shape).map(field => columnOf(table, field).name)
  const sums = counted.map(name => `${name} = r.${name} + excluded.${name}`)
  return {
    text:
      `insert into ${table.name} as r (${namesOf(table.columns)}) ` +
      `select ${namesOf(table.columns, 'n.')} from ${source} ` +
      `order by ${namesOf(keyColumns(table), 'n.')} ` +
      `on conflict (${namesOf(keyColumns(table))}) do update set ${sums.join(', ')}`,
    values: parameters.values,
  }
}

const bump = 'version = r.version + 1'

/** Writes one row where its version is still the stored one. */
export function replaceStatement(table: Table, row: Row): Statement {
  const parameters = new Parameters()
  const sets = changedColumns(table).map(
    column => `${column.name} = ${parameters.of(column, row[column.field])}`,
  )
  const versioned = isVersioned(table.shape)
  const matched = versioned ? [...keyColumns(table), columnOf(table, 'version')] : keyColumns(table)
  const where = matched.map(
    column => `r.${column.name} = ${parameters.of(column, row[column.field])}`,
  )
  if (versioned) sets.push(bump)
  return {
    text: `update ${table.name} r set ${sets.join(', ')} where ${where.join(' and ')}`,
    values: parameters.values,
  }
}

/** Writes the rows whose versions are still the stored ones; the count tells whether all were. */
export function replaceManyStatement(table: Table, rows: readonly Row[]): Statement {
  const parameters = new Parameters()
  const source = rowsSource(parameters, table.columns, rows)
  const versioned = isVersioned(table.shape)
  const sets = changedColumns(table).map(({ name }) => `${name} = n.${name}`)
  const matched = keyColumns(table).map(({ name }) => `r.${name} = n.${name}`)
  if (versioned) {
    sets.push(bump)
    matched.push('r.version = n.version')
  }
  return {
    text:
      `update ${table.name} r set ${sets.join(', ')} from ${source} ` +
      `where ${matched.join(' and ')}`,
    values: parameters.values,
  }
}

export function removeStatement(table: Table, key: KeyPlan): Statement {
  const parameters = new Parameters()
  const where = key.fields.map((field, at) => {
    const column = columnOf(table, field)
    return `${column.name} = ${parameters.of(column, key.values[at])}`
  })
  return {
    text: `delete from ${table.name} where ${where.join(' and ')}`,
    values: parameters.values,
  }
}

/** Moves each series on by its count and answers where each stood. Series are taken in one order by all. */
export function takeNumbersStatement(
  of: { readonly tenantId: string; readonly scope: SeriesScope },
  series: readonly string[],
  counts: readonly number[],
): Statement {
  const own = of.scope === 'tenant'
  const table = own ? 'number_series' : 'issuer_series'
  const key = own ? 'tenant_id, id' : 'id'
  return {
    text:
      `insert into ${schemaName}.${table} as s (${key}, next_number) ` +
      `select ${own ? '$3::text, ' : ''}n.id, n.taken + 1 ` +
      'from unnest($1::text[], $2::bigint[]) as n(id, taken) ' +
      `order by n.id on conflict (${key}) do update ` +
      'set next_number = s.next_number + excluded.next_number - 1 ' +
      'returning s.id as series, s.next_number as next',
    values: own ? [series, counts, of.tenantId] : [series, counts],
  }
}

/** The same for many tenants at once; `tenantId` is empty for series that all share. */
export function takeManyNumbersStatement(
  scope: SeriesScope,
  wanted: readonly { readonly tenantId: string; readonly series: string; readonly count: number }[],
): Statement {
  const own = scope === 'tenant'
  const table = own ? 'number_series' : 'issuer_series'
  const key = own ? 'tenant_id, id' : 'id'
  return {
    text:
      `insert into ${schemaName}.${table} as s (${key}, next_number) ` +
      `select ${own ? 'n.tenant_id, ' : ''}n.id, n.taken + 1 ` +
      'from unnest($1::text[], $2::text[], $3::bigint[]) as n(tenant_id, id, taken) ' +
      `order by n.tenant_id, n.id on conflict (${key}) do update ` +
      'set next_number = s.next_number + excluded.next_number - 1 ' +
      `returning ${own ? 's.tenant_id' : "''"} as tenant, s.id as series, s.next_number as next`,
    values: [
      wanted.map(({ tenantId }) => tenantId),
      wanted.map(({ series }) => series),
      wanted.map(({ count }) => count),
    ],
  }
}

// Each month has an index of keys by itself; the others of the window are asked.
function unknownIn(
  parameters: Parameters,
  events: Table,
  window: { readonly from: number; readonly to: number },
): string {
  const recorded = columnOf(events, 'recordedAt')
  return (
    `where not exists (select from ${events.name} e where e.tenant_id = n.tenant_id ` +
    'and e.idempotency_key = n.idempotency_key ' +
    `and e.recorded_at >= ${parameters.of(recorded, window.from)} ` +
    `and e.recorded_at <= ${parameters.of(recorded, window.to)} offset 0)`
  )
}

/**
 * Events not seen before (in the window, where there is one), and their sums on the daily totals, in one statement.
 * Totals are touched in the
 * order of their keys: writers that meet on the same totals wait for each other and never deadlock.
 */
export function ingestStatement(
  events: Table,
  totals: Table,
  rows: readonly Row[],
  window: { readonly from: number; readonly to: number } | null = null,
): Statement {
  const parameters = new Parameters()
  const source = rowsSource(parameters, events.columns, rows)
  const unknown = window === null ? '' : ` ${unknownIn(parameters, events, window)}`
  const names = namesOf(events.columns)
  const key = namesOf(keyColumns(totals))
  return {
    text:
      `with added as (insert into ${events.name} (${names}) ` +
      `select ${namesOf(events.columns, 'n.')} from ${source}${unknown} order by n.idempotency_key ` +
      `on conflict do nothing returning ${names}), ` +
      `rolled as (insert into ${totals.name} as r (${key}, quantity, events) ` +
      `select ${key}, sum(quantity), count(*) from added group by ${key} order by ${key} ` +
      `on conflict (${key}) do update set quantity = r.quantity + excluded.quantity, ` +
      'events = r.events + excluded.events) ' +
      'select tenant_id as tenant, idempotency_key as key from added',
    values: parameters.values,
  }
}

/** Due rows for one worker: oldest first, others' skipped, moved to the lease's end at once. */
export function claimStatement(
  table: Table,
  field: string,
  times: {
    readonly now: number
    readonly leaseUntil: number
    readonly limit: number
    readonly where?: Row
  },
): Statement {
  const parameters = new Parameters()
  const due = columnOf(table, field)
  const keys = keyColumns(table)
  const key = namesOf(keys)
  const given = Object.entries(times.where ?? {}).map(([name, value]) => {
    const column = columnOf(table, name)
    return `${column.name} = ${parameters.of(column, value)} and `
  })
  const order = [due, ...keys.filter(({ name }) => name !== due.name)].map(c => c.name).join(', ')
  return {
    text:
      `with due as (select ${key}, ${due.name} as due_was from ${table.name} ` +
      `where ${given.join('')}${due.name} <= ${parameters.of(due, times.now)} order by ${order} ` +
      `limit ${parameters.add(times.limit, 'bigint')} for update skip locked) ` +
      `update ${table.name} r set ${due.name} = ${parameters.of(due, times.leaseUntil)}, ${bump} ` +
      `from due where ${keys.map(({ name }) => `r.${name} = due.${name}`).join(' and ')} ` +
      `returning ${table.selected}, due.due_was as "dueWas"`,
    values: parameters.values,
    aside: 'dueWas',
  }
}
