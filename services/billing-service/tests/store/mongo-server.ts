// A database of its own on the server that MONGODB_URI names.
import { randomBytes } from 'node:crypto'
import { MongoClient } from 'mongodb'

/** Null without MONGODB_URI: nothing of MongoDB is tested then, and a line says so. */
export const mongoUri: string | null = process.env.MONGODB_URI ?? null

export interface MongoDatabase {
  readonly uri: string
  drop(): Promise<void>
}

/** An empty database beside the one of the address. */
export async function freshMongo(uri: string): Promise<MongoDatabase> {
  const name = `quittance_test_${randomBytes(4).toString('hex')}`
  const [, server = uri, , query = ''] =
    /^(mongodb(?:\+srv)?:\/\/[^/]+)(\/[^?]*)?(\?.*)?$/.exec(uri) ?? []
  return {
    uri: `${server}/${name}${query}`,
    async drop() {
      const client = new MongoClient(uri)
      try {
        await client.db(name).dropDatabase()
      } finally {
        await client.close()
      }
    },
  }
}
