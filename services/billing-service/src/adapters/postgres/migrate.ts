// Migrations: numbered SQL files that are only ever added, each run once and in order, by one process at a
// time. What stands in the files is the schema; nothing here makes tables.
import { createHash } from 'node:crypto'
import { type Client, escapeIdentifier } from 'pg'
import { StartupProblem } from '../../ports/startup.ts'
import rulesAndSystemTables from './migrations/0001-rules-and-system-tables.sql'
import customersAndSubscriptions from './migrations/0002-customers-and-subscriptions.sql'
import money from './migrations/0003-money.sql'
import usageAndRecords from './migrations/0004-usage-and-records.sql'
import engine from './migrations/0005-engine.sql'
import credits from './migrations/0006-credits.sql'
import catalogue from './migrations/0007-catalogue.sql'
import inbox from './migrations/0008-inbox.sql'
import bankAccounts from './migrations/0009-bank-accounts.sql'
import coupons from './migrations/0010-coupons.sql'
import seals from './migrations/0011-seals.sql'
import disputes from './migrations/0012-disputes.sql'
import issuerLists from './migrations/0013-issuer-lists.sql'
import quotes from './migrations/0014-quotes.sql'
import mails from './migrations/0015-mails.sql'
import lifecycle from './migrations/0016-lifecycle.sql'
import reconciliation from './migrations/0017-reconciliation.sql'
import waysToPay from './migrations/0018-ways-to-pay.sql'
import tax from './migrations/0019-tax.sql'
import mirror from './migrations/0020-mirror.sql'
import brandings from './migrations/0021-brandings.sql'
import issuerSeries from './migrations/0022-issuer-series.sql'
import issuedInvoices from './migrations/0023-issued-invoices.sql'
import mirroredDrift from './migrations/0024-mirrored-drift.sql'
import issuerExports from './migrations/0025-issuer-exports.sql'
import rollUps from './migrations/0026-roll-ups.sql'
import exports from './migrations/0027-exports.sql'
import webhookEndpoints from './migrations/0028-webhook-endpoints.sql'
import closings from './migrations/0029-closings.sql'
import auditReasons from './migrations/0030-audit-reasons.sql'
import apiKeys from './migrations/0031-api-keys.sql'
import refundsAfterReversal from './migrations/0032-refunds-after-reversal.sql'
import fapiao from './migrations/0033-fapiao.sql'
import dataKeys from './migrations/0034-data-keys.sql'
import approvals from './migrations/0035-approvals.sql'
import owedAgain from './migrations/0036-owed-again.sql'
import { schemaName } from './rows.ts'

interface Migration {
  readonly name: string
  readonly sql: string
}

/** In order; the place in the list is the number. */
const migrations: readonly Migration[] = [
  { name: 'rules-and-system-tables', sql: rulesAndSystemTables },
  { name: 'customers-and-subscriptions', sql: customersAndSubscriptions },
  { name: 'money', sql: money },
  { name: 'usage-and-records', sql: usageAndRecords },
  { name: 'engine', sql: engine },
  { name: 'credits', sql: credits },
  { name: 'catalogue', sql: catalogue },
  { name: 'inbox', sql: inbox },
  { name: 'bank-accounts', sql: bankAccounts },
  { name: 'coupons', sql: coupons },
  { name: 'seals', sql: seals },
  { name: 'disputes', sql: disputes },
  { name: 'issuer-lists', sql: issuerLists },
  { name: 'quotes', sql: quotes },
  { name: 'mails', sql: mails },
  { name: 'lifecycle', sql: lifecycle },
  { name: 'reconciliation', sql: reconciliation },
  { name: 'ways-to-pay', sql: waysToPay },
  { name: 'tax', sql: tax },
  { name: 'mirror', sql: mirror },
  { name: 'brandings', sql: brandings },
  { name: 'issuer-series', sql: issuerSeries },
  { name: 'issued-invoices', sql: issuedInvoices },
  { name: 'mirrored-drift', sql: mirroredDrift },
  { name: 'issuer-exports', sql: issuerExports },
  { name: 'roll-ups', sql: rollUps },
  { name: 'exports', sql: exports },
  { name: 'webhook-endpoints', sql: webhookEndpoints },
  { name: 'closings', sql: closings },
  { name: 'audit-reasons', sql: auditReasons },
  { name: 'api-keys', sql: apiKeys },
  { name: 'refunds-after-reversal', sql: refundsAfterReversal },
  { name: 'fapiao', sql: fapiao },
  { name: 'data-keys', sql: dataKeys },
  { name: 'approvals', sql: approvals },
  { name: 'owed-again', sql: owedAgain },
]

/** The number of the last migration that this version knows. */
export const schemaVersion = migrations.length

/** The roles that migrations grant to, by the names the files write. */
export interface SchemaRoles {
  readonly app: string
  readonly system: string
}

const checksum = (sql: string): string =>
  createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex')

const withRoles = (sql: string, roles: SchemaRoles): string =>
  sql
    .replace(/\bquittance_app\b/g, () => escapeIdentifier(roles.app))
    .replace(/\bquittance_system\b/g, () => escapeIdentifier(roles.system))

// Our own bookkeeping: which migrations ran, and for which roles.
const bookkeeping = `
create schema if not exists ${schemaName};
create table if not exists ${schemaName}.schema_migrations (
  number bigint primary key,
  name text not null,
  checksum text not null,
  applied_at timestamptz not null default now()
);
create table if not exists ${schemaName}.schema_roles (
  kind text primary key check (kind in ('app', 'system')),
  role text not null
);`

/** The roles this database was prepared for; null before the first migration. */
export async function recordedRoles(client: Client): Promise<SchemaRoles | null> {
  const known = await client.query('select to_regclass($1) as found', [
    `${schemaName}.schema_roles`,
  ])
  if (known.rows[0]?.found === null) return null
  const { rows } = await client.query<{ kind: string; role: string }>(
    `select kind, role from ${schemaName}.schema_roles`,
  )
  const app = rows.find(row => row.kind === 'app')?.role
  const system = rows.find(row => row.kind === 'system')?.role
  return app !== undefined && system !== undefined ? { app, system } : null
}

/** Whether the connection's role may change the schema; true for a database without one. */
export async function mayMigrate(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    `select coalesce(has_schema_privilege(to_regnamespace($1)::oid, 'create'), true) as may`,
    [schemaName],
  )
  return rows[0]?.may === true
}

/** The number of the last migration that ran on a prepared database. */
export async function migratedTo(client: Client): Promise<number> {
  const { rows } = await client.query<{ number: string | null }>(
    `select max(number) as number from ${schemaName}.schema_migrations`,
  )
  return Number(rows[0]?.number ?? 0)
}

/** One number for all processes that prepare a database: only one does at a time. */
const lockKey = 4_857_301_942

/** Runs the work while no other process prepares this database. */
export async function whileLocked<T>(client: Client, body: () => Promise<T>): Promise<T> {
  await client.query('select pg_advisory_lock($1)', [lockKey])
  try {
    return await body()
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockKey])
  }
}

function assertHistory(applied: readonly { number: number; checksum: string }[]): void {
  const newest = applied.at(-1)?.number ?? 0
  if (newest > schemaVersion) {
    throw new StartupProblem(
      `The database was prepared by a newer version (migration ${newest}, this one knows ` +
        `${schemaVersion}): start that version.`,
    )
  }
  for (const { number, checksum: stored } of applied) {
    const migration = migrations[number - 1]
    if (migration && checksum(migration.sql) !== stored) {
      throw new StartupProblem(
        `Migration ${number} (${migration.name}) was changed after it ran on this database: restore the file.`,
      )
    }
  }
}

async function apply(client: Client, number: number, roles: SchemaRoles): Promise<void> {
  const migration = migrations[number - 1]
  if (!migration) return
  await client.query('begin')
  try {
    await client.query(`set local search_path = ${schemaName}`)
    await client.query(withRoles(migration.sql, roles))
    await client.query(
      `insert into ${schemaName}.schema_migrations (number, name, checksum) values ($1, $2, $3)`,
      [number, migration.name, checksum(migration.sql)],
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/**
 * Brings the database to this version and answers the names of what was applied. Call inside `whileLocked`.
 * A database of a newer version, or one with a changed migration, is a `StartupProblem`.
 */
export async function migrate(client: Client, roles: SchemaRoles): Promise<string[]> {
  await client.query(bookkeeping)
  const { rows } = await client.query<{ number: string; checksum: string }>(
    `select number, checksum from ${schemaName}.schema_migrations order by number`,
  )
  const applied = rows.map(row => ({ number: Number(row.number), checksum: row.checksum }))
  assertHistory(applied)
  for (const [kind, role] of Object.entries(roles)) {
    await client.query(
      `insert into ${schemaName}.schema_roles (kind, role) values ($1, $2) on conflict do nothing`,
      [kind, role],
    )
  }
  const names: string[] = []
  for (let number = applied.length + 1; number <= schemaVersion; number += 1) {
    await apply(client, number, roles)
    names.push(migrations[number - 1]?.name ?? '')
  }
  await client.query(
    `grant usage on schema ${schemaName} to ${escapeIdentifier(roles.app)}, ${escapeIdentifier(roles.system)}; ` +
      `grant select on ${schemaName}.schema_migrations, ${schemaName}.schema_roles to ${escapeIdentifier(roles.app)}, ${escapeIdentifier(roles.system)}`,
  )
  return names
}
