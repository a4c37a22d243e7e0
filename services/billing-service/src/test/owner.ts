// Rows as the owner of the database reads and alters them, past the service and its encryption, the same on
// PostgreSQL and MongoDB.
import { Decimal128, MongoClient, ObjectId } from 'mongodb'
import pg from 'pg'
import { collectionOf, fromDocument, toStored } from '../adapters/mongo/rows.ts'
import { columnOf, tableOf, toParameter } from '../adapters/postgres/rows.ts'
import type { CollectionName, RowOf } from '../ports/collections.ts'
import { type Row, shapeOf } from '../ports/shape.ts'

export interface Owner {
  /** The rows whose fields are these. */
  rows<N extends CollectionName>(collection: N, where: Partial<RowOf<N>>): Promise<RowOf<N>[]>
  /** Sets fields of those rows, whatever the product would refuse, and answers how many there were. */
  alter<N extends CollectionName>(
    collection: N,
    where: Partial<RowOf<N>>,
    fields: Partial<RowOf<N>>,
  ): Promise<number>
  close(): Promise<void>
}

/** The owner of a PostgreSQL database. */
export async function ownerOfPostgres(ownerUrl: string): Promise<Owner> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  // Triggers and foreign keys do not bind a replica.
  await client.query('set session_replication_role = replica')
  const pairs = (collection: CollectionName, fields: Row, from: number) =>
    Object.entries(fields).map(([field, value], at) => {
      const column = columnOf(tableOf(collection), field)
      return { text: `${column.name} = $${from + at + 1}`, value: toParameter(column, value) }
    })
  return {
    async rows(collection, where) {
      const asked = pairs(collection, where, 0)
      const { name, selected } = tableOf(collection)
      const condition = asked.map(({ text }) => `r.${text}`).join(' and ') || 'true'
      const sql = `select ${selected} from ${name} r where ${condition}`
      const { rows } = await client.query(
        sql,
        asked.map(({ value }) => value),
      )
      return rows
    },
    async alter(collection, where, fields) {
      const set = pairs(collection, fields, 0)
      const asked = pairs(collection, where, set.length)
      const sql =
        `update ${tableOf(collection).name} set ${set.map(({ text }) => text).join(', ')} ` +
        `where ${asked.map(({ text }) => text).join(' and ')}`
      const { rowCount } = await client.query(
        sql,
        [...set, ...asked].map(({ value }) => value),
      )
      return rowCount ?? 0
    },
    close: () => client.end(),
  }
}

/** The owner of a MongoDB database. */
export async function ownerOfMongo(uri: string): Promise<Owner> {
  const client = new MongoClient(uri, { useBigInt64: true })
  const stored = (collection: CollectionName, fields: Row) =>
    Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [
        field,
        toStored({ Decimal128, ObjectId }, shapeOf(collection), field, value),
      ]),
    )
  const documents = (collection: CollectionName) => client.db().collection(collectionOf(collection))
  return {
    async rows<N extends CollectionName>(collection: N, where: Partial<RowOf<N>>) {
      const found = await documents(collection).find(stored(collection, where)).toArray()
      const rows: unknown = found.map(each => fromDocument(shapeOf(collection), each))
      return rows as RowOf<N>[]
    },
    async alter(collection, where, fields) {
      const set = { $set: stored(collection, fields) }
      const { matchedCount } = await documents(collection).updateMany(
        stored(collection, where),
        set,
      )
      return matchedCount
    },
    close: () => client.close(),
  }
}
