// Tests that need MongoDB: without MONGODB_URI each set of them says in a line that it was not run.
import { describe, test } from 'vitest'
import { mongoUri } from './mongo-database.ts'

/** Declares tests on the server of MONGODB_URI, or that they are skipped, which is printed as well. */
export function describeOnMongo(name: string, body: (uri: string) => void): void {
  if (mongoUri !== null) {
    const uri = mongoUri
    describe(name, () => body(uri))
    return
  }
  process.stdout.write(`SKIPPED: ${name}. Set MONGODB_URI to run it.\n`)
  describe(name, () => {
    test.skip('SKIPPED: set MONGODB_URI to run it', () => undefined)
  })
}
