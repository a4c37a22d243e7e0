// Databases of their own on the server that MONGODB_URI names, for tests and simulations.
import { randomBytes } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { prepareMongo } from '../adapters/mongo/migrate.ts'

/** Null without MONGODB_URI: nothing of MongoDB is tested then, and a line says so. */
export const mongoUri: string | null = process.env.MONGODB_URI || null

export interface MongoDatabase {
  readonly uri: string
  drop(): Promise<void>
}

/** A name for a database beside the one of the address; nothing of it exists yet. */
export function unpreparedMongo(uri: string): MongoDatabase {
  const name = `quittance_test_${randomBytes(4).toString('hex')}`
  const [, server = uri, query = ''] = /^(\w[\w+]*:\/\/[^/]+)(?:\/[^?]*)?(\?.*)?$/.exec(uri) ?? []
  const own = `${server}/${name}${query}`
  return {
    uri: own,
    async drop() {
      const client = new MongoClient(own)
      try {
        await client.db(name).dropDatabase()
      } finally {
        await client.close()
      }
    },
  }
}

/** A prepared database without rows, beside the one of the address. */
export async function freshMongo(uri: string): Promise<MongoDatabase> {
  const database = unpreparedMongo(uri)
  await prepareMongo({ uri: database.uri })
  return database
}
