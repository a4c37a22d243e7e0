// Many pieces of work in one transaction: each sees the store as if it were alone, with its own tenant in
// every statement, and the database is asked for all of them at once. All of it is done, or nothing.
import { assert } from '../../core/assert.ts'
import { refuse } from '../../core/refusal.ts'
import type { CollectionName, RowOf } from '../../ports/collections.ts'
import {
  countedFields,
  fullKey,
  isVersioned,
  type Row,
  refuseMissing,
  shapeOf,
} from '../../ports/shape.ts'
import type { Key, SeriesScope, Store, TenantTransaction } from '../../ports/store.ts'
import type { Answer, Run } from './connect.ts'
import { type Answering, Gathering, isRead, readMany } from './gathering.ts'
import { type Hold, Holders } from './holders.ts'
import type { Asking } from './queries.ts'
import { remembered } from './remembered.ts'
import { tableOf } from './rows.ts'
import { assertOwn, readsOn, rowsPerStatement, type Session, writesOn } from './session.ts'
import type { UsageMonths } from './usage-months.ts'
import {
  addStatement,
  insertManyStatement,
  insertReturningStatement,
  replaceManyStatement,
  takeManyNumbersStatement,
} from './writes.ts'

const alone = (): never => {
  throw new Error('work that is done together has one transaction, of its own tenants')
}

const nameOf = (collection: CollectionName, row: Row): string =>
  `${collection} ${fullKey(shapeOf(collection))
    .map(field => row[field])
    .join(' ')}`

/** One transaction that many pieces of work share. */
export class Together {
  private readonly gathering = new Gathering()
  private readonly holders = new Holders()

  private readonly run: Run

  private readonly months: UsageMonths

  private readonly readers = new Map<string, Answering<readonly unknown[], Answer>>()

  constructor(run: Run, months: UsageMonths) {
    this.run = run
    this.months = months
  }

  failed() {
    return this.gathering.failed()
  }

  /** The store as one piece of work sees it. */
  storeFor(work: number): Store {
    const everybody: Session = {
      asking: { scope: 'system', tenantId: null, mode: 'in_transaction' },
      run: this.runAll,
    }
    return {
      of: tenantId => readsOn(this.sessionOf(tenantId)),
      transaction: (tenantId, body) => body(remembered(this.transactionOf(work, tenantId))),
      together: alone,
      system: {
        ...readsOn(everybody),
        transaction: alone,
        claim: alone,
      },
      ping: async () => undefined,
      close: async () => undefined,
    }
  }

  private sessionOf(tenantId: string): Session {
    const asking: Asking = { scope: 'tenant', tenantId, mode: 'in_transaction' }
    return { asking, run: this.runAll, doom: error => this.gathering.fail(error) }
  }

  private readonly runAll: Run = statement => {
    const { text, values } = statement
    if (isRead(statement)) return this.gathering.ask(text, values, this.readerOf(text))
    return this.gathering.ask(`alone ${text}`, statement, async statements => {
      const answers: Answer[] = []
      for (const each of statements) answers.push(await this.run(each))
      return answers
    })
  }

  private readerOf(text: string): Answering<readonly unknown[], Answer> {
    const known = this.readers.get(text) ?? readMany(this.run, text)
    this.readers.set(text, known)
    return known
  }

  private transactionOf(work: number, tenantId: string): TenantTransaction {
    const session = this.sessionOf(tenantId)
    const single = writesOn(session)
    const hold = async <N extends CollectionName>(
      how: 'lock' | 'share',
      collection: N,
      key: Key<N>,
    ): Promise<RowOf<N>> => {
      const row = await single[how](collection, key)
      const name = nameOf(collection, row as unknown as Row)
      const waited = await this.hold(work, name, how === 'lock' ? 'alone' : 'shared')
      return waited ? single[how](collection, key) : row
    }
    const replaceMany = <N extends CollectionName>(collection: N, rows: readonly RowOf<N>[]) =>
      this.replace(work, session, collection, rows)
    const insertMany = <N extends CollectionName>(
      collection: N,
      rows: readonly RowOf<N>[],
      options?: { readonly onConflict?: 'fail' | 'skip' },
    ) => this.insert(session, collection, rows, options?.onConflict === 'skip')
    // Named fields before those of another object: the other way round costs the engine a hundred times as much.
    return {
      lock: (collection, key) => hold('lock', collection, key),
      share: (collection, key) => hold('share', collection, key),
      insertMany,
      insert: async (collection, row) => {
        await insertMany(collection, [row])
      },
      replaceMany,
      replace: async <N extends CollectionName>(collection: N, row: RowOf<N>) =>
        (await replaceMany(collection, [row]))[0]!,
      add: (collection, rows) => this.add(session, collection, rows),
      remove: async (collection, key) => {
        await hold('lock', collection, key)
        await single.remove(collection, key)
      },
      takeNumbers: (counts, scope = 'tenant') => this.takeNumbers(tenantId, counts, scope),
      ingest: events => this.ingest(session, events),
      ...readsOn(session),
    }
  }

  /** What one has ended holding, the next may hold. */
  ended(work: number): void {
    this.holders.ended(work)
  }

  private async hold(work: number, name: string, hold: Hold): Promise<boolean> {
    try {
      return await this.holders.take(work, name, hold)
    } catch (error) {
      this.gathering.fail(error)
      throw error
    }
  }

  private async insert<N extends CollectionName>(
    session: Session,
    collection: N,
    rows: readonly RowOf<N>[],
    skip: boolean,
  ): Promise<number> {
    const given = rows as unknown as readonly Row[]
    for (const row of given) assertOwn(session, collection, row)
    if (given.length === 0) return 0
    const table = tableOf(collection)
    const name = `insert ${skip} ${collection}`
    return this.gathering.ask<readonly Row[], number>(name, given, async lists => {
      const written = new Set<string>()
      const all = lists.flat()
      for (let from = 0; from < all.length; from += rowsPerStatement) {
        const slice = all.slice(from, from + rowsPerStatement)
        if (!skip) {
          await this.run(insertManyStatement(table, slice, false))
          continue
        }
        const { rows: made } = await this.run(insertReturningStatement(table, slice))
        for (const row of made) written.add(nameOf(collection, row))
      }
      if (!skip) return lists.map(list => list.length)
      // A key that two asked for is the first one's.
      return lists.map(list => list.filter(row => written.delete(nameOf(collection, row))).length)
    })
  }

  private async replace<N extends CollectionName>(
    work: number,
    session: Session,
    collection: N,
    rows: readonly RowOf<N>[],
  ): Promise<RowOf<N>[]> {
    const given = rows as unknown as readonly Row[]
    if (given.length === 0) return []
    for (const row of given) assertOwn(session, collection, row)
    for (const row of given) await this.hold(work, nameOf(collection, row), 'alone')
    const table = tableOf(collection)
    const versioned = isVersioned(table.shape)
    return this.gathering.ask<readonly Row[], RowOf<N>[]>(
      `replace ${collection}`,
      given,
      async lists => {
        const all = lists.flat()
        for (let from = 0; from < all.length; from += rowsPerStatement) {
          const slice = all.slice(from, from + rowsPerStatement)
          const { rowCount } = await this.run(replaceManyStatement(table, slice))
          if (rowCount === slice.length) continue
          if (versioned) refuse('version_conflict')
          refuseMissing(collection)
        }
        return lists.map(
          list =>
            list.map(row =>
              versioned ? { ...row, version: Number(row.version) + 1 } : row,
            ) as unknown as RowOf<N>[],
        )
      },
    )
  }

  /** Sums of one key come to one row, since a statement touches each row once. */
  private async add(
    session: Session,
    collection: CollectionName,
    rows: readonly unknown[],
  ): Promise<void> {
    const given = rows as readonly Row[]
    for (const row of given) assertOwn(session, collection, row)
    if (given.length === 0) return
    const table = tableOf(collection)
    const counted = countedFields(table.shape)
    await this.gathering.ask<readonly Row[], null>(`add ${collection}`, given, async lists => {
      const sums = new Map<string, Row>()
      for (const row of lists.flat()) {
        const before = sums.get(nameOf(collection, row))
        const added = counted.map(field => [
          field,
          Number(row[field]) + Number(before?.[field] ?? 0),
        ])
        sums.set(nameOf(collection, row), { ...row, ...Object.fromEntries(added) })
      }
      const all = [...sums.values()]
      for (let from = 0; from < all.length; from += rowsPerStatement) {
        await this.run(addStatement(table, all.slice(from, from + rowsPerStatement)))
      }
      return lists.map(() => null)
    })
  }

  private takeNumbers(
    tenantId: string,
    counts: Readonly<Record<string, number>>,
    scope: SeriesScope,
  ): Promise<Record<string, number>> {
    const wanted = Object.entries(counts).map(([series, count]) => {
      assert(Number.isSafeInteger(count) && count >= 1, 'at least one number is taken of each')
      return { tenantId: scope === 'tenant' ? tenantId : '', series, count }
    })
    if (wanted.length === 0) return Promise.resolve({})
    type Wanted = typeof wanted
    return this.gathering.ask<Wanted, Record<string, number>>(
      `numbers ${scope}`,
      wanted,
      async lists => {
        const sums = new Map<string, Wanted[number]>()
        const keyOf = (of: { tenantId: string; series: string }) => `${of.tenantId} ${of.series}`
        for (const each of lists.flat()) {
          const count = (sums.get(keyOf(each))?.count ?? 0) + each.count
          sums.set(keyOf(each), { ...each, count })
        }
        const { rows } = await this.run(takeManyNumbersStatement(scope, [...sums.values()]))
        const next = new Map(
          rows.map(row => {
            const key = `${row.tenant} ${row.series}`
            return [key, Number(row.next) - (sums.get(key)?.count ?? 0)]
          }),
        )
        return lists.map(list =>
          Object.fromEntries(
            list.map(each => {
              const first = next.get(keyOf(each))!
              next.set(keyOf(each), first + each.count)
              return [each.series, first]
            }),
          ),
        )
      },
    )
  }

  private ingest(
    session: Session,
    events: readonly RowOf<'usageEvents'>[],
  ): Promise<ReadonlySet<string>> {
    const rows = events as unknown as readonly Row[]
    for (const row of rows) assertOwn(session, 'usageEvents', row)
    if (rows.length === 0) return Promise.resolve(new Set())
    return this.gathering.ask<readonly Row[], ReadonlySet<string>>('ingest', rows, async lists => {
      const added = new Set<string>()
      const all = lists.flat()
      for (let from = 0; from < all.length; from += rowsPerStatement) {
        const slice = all.slice(from, from + rowsPerStatement)
        for (const row of await this.months.ingest(this.run, slice))
          added.add(`${row.tenant} ${row.key}`)
      }
      return lists.map(
        list =>
          new Set(
            list
              .filter(row => added.delete(`${row.tenantId} ${row.idempotencyKey}`))
              .map(row => String(row.idempotencyKey)),
          ),
      )
    })
  }
}
