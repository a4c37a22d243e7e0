// Makes a database ready: collections with their validators, indexes, then the steps that change stored
// rows. Safe to repeat and to run twice at once.
import { createHash } from 'node:crypto'
import type { Db } from 'mongodb'
import type { CollectionName } from '../../ports/collections.ts'
import { collectionNames, shapeOf } from '../../ports/shape.ts'
import { StartupProblem } from '../../ports/startup.ts'
import { assertTransactions, type Connection, type ConnectOptions, connect } from './connect.ts'
import { collectionOf } from './rows.ts'
import { type Index, indexesOf, partialFilter, validatorOf } from './schema.ts'

/** A change of stored rows, made once and in order; may be cut short and made again. */
interface DataStep {
  readonly name: string
  run(db: Db): Promise<void>
}

/** Only ever added to; the place in the list is the number. */
const dataSteps: readonly DataStep[] = []

interface Mark {
  readonly _id: string
  readonly steps: number
  readonly schema: string
}

const marksName = 'quittance.schema'
const markId = 'schema'

/** Names what is declared: any change of a field, a key or an index changes it. */
const declared = createHash('sha256')
  .update(
    JSON.stringify(
      collectionNames.map(name => [name, validatorOf(shapeOf(name)), indexesOf(shapeOf(name))]),
    ),
  )
  .digest('hex')
  .slice(0, 16)

const readMark = (db: Db): Promise<Mark | null> =>
  db.collection<Mark>(marksName).findOne({ _id: markId })

const newer = (mark: Mark): StartupProblem =>
  new StartupProblem(
    `The database was prepared by a newer version (step ${mark.steps}, this one knows ` +
      `${dataSteps.length}): start that version.`,
  )

/** Refuses to start on a database that is not prepared, or by another version. */
export async function assertSchema({ client, databaseName }: Connection): Promise<void> {
  const mark = await readMark(client.db(databaseName))
  if (mark?.schema === declared && Number(mark.steps) === dataSteps.length) return
  if (mark !== null && Number(mark.steps) > dataSteps.length) throw newer(mark)
  throw new StartupProblem(
    mark === null
      ? 'The database is not prepared: run "quittance migrate".'
      : 'The database was prepared by another version: run "quittance migrate".',
  )
}

async function ensureCollection(db: Db, name: CollectionName, exists: boolean): Promise<void> {
  const validator = validatorOf(shapeOf(name))
  const rules = { validator, validationLevel: 'strict', validationAction: 'error' } as const
  if (exists) {
    await db.command({ collMod: collectionOf(name), ...rules })
    return
  }
  await db.createCollection(collectionOf(name), rules).catch(async error => {
    // Another process made it meanwhile.
    if (Reflect.get(Object(error), 'code') !== 48) throw error
    await db.command({ collMod: collectionOf(name), ...rules })
  })
}

const specification = (index: Index) => ({
  name: index.name,
  key: Object.fromEntries(index.fields.map((field): [string, 1] => [field, 1])),
  ...(index.unique && { unique: true }),
  ...(index.present.length > 0 && { partialFilterExpression: partialFilter(index) }),
})

/** Makes the declared indexes, and then drops those of ours that are declared no longer. */
async function ensureIndexes(db: Db, name: CollectionName): Promise<void> {
  const wanted = indexesOf(shapeOf(name))
  const collection = db.collection(collectionOf(name))
  await collection.createIndexes(wanted.map(specification))
  const known = new Set(wanted.map(index => index.name))
  for (const { name: found } of await collection.indexes()) {
    const ours = /_(?:key|idx)$/.test(String(found))
    if (ours && !known.has(String(found))) await collection.dropIndex(String(found))
  }
}

async function ensure(db: Db, name: CollectionName, exists: boolean): Promise<void> {
  await ensureCollection(db, name, exists)
  await ensureIndexes(db, name)
}

/** Collections that are made ready side by side: most of the time goes into waiting for their indexes. */
const atOnce = 10

async function prepare(db: Db): Promise<string[]> {
  const mark = await readMark(db)
  const steps = Number(mark?.steps ?? 0)
  if (mark !== null && steps > dataSteps.length) throw newer(mark)
  if (mark?.schema === declared && steps === dataSteps.length) return []
  const applied: string[] = []
  const existing = await db.listCollections({}, { nameOnly: true }).toArray()
  const there = new Set(existing.map(({ name }) => name))
  // Steps bring old rows to the shape that the validators then ask of every write.
  for (const step of dataSteps.slice(steps)) {
    await step.run(db)
    applied.push(step.name)
  }
  if (mark?.schema !== declared) {
    for (let from = 0; from < collectionNames.length; from += atOnce) {
      const some = collectionNames.slice(from, from + atOnce)
      await Promise.all(some.map(name => ensure(db, name, there.has(collectionOf(name)))))
    }
    applied.push('collections, validators and indexes')
  }
  await db
    .collection<Mark>(marksName)
    .updateOne(
      { _id: markId },
      { $set: { steps: dataSteps.length, schema: declared } },
      { upsert: true },
    )
  return applied
}

/** Brings the database to this version and answers what was applied. */
export async function prepareMongo(options: ConnectOptions): Promise<readonly string[]> {
  const connection = await connect(options)
  try {
    await assertTransactions(connection)
    return await prepare(connection.client.db(connection.databaseName))
  } finally {
    await connection.client.close()
  }
}
