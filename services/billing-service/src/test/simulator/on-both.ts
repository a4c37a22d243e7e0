// The same simulated lives on PostgreSQL and on MongoDB, as test files that run side by side share them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnMongo } from '../on-mongo.ts'
import { mongoStores, postgresStores, type Stores } from './databases.ts'
import { differenceOf, liveSeed } from './seed.ts'
import { simulatorYears } from './years.ts'

/**
 * Declares that each seed has the same statement on both databases, byte for byte, the books holding at every step
 * and every command on MongoDB naming its tenant. How many years they live is printed, and SIMULATOR_YEARS's to say.
 */
export function describeSeedsOnBoth(first: number, last: number): void {
  const seeds = Array.from({ length: last - first + 1 }, (_, at) => String(first + at))
  const years = simulatorYears(process.env.SIMULATOR_YEARS)
  const lasting = `${years} ${years === 1 ? 'year' : 'years'}`
  const named = `seeds ${first} to ${last}, ${lasting} each on MongoDB`

  describeOnMongo(named, uri => {
    const mongo = mongoStores(uri)
    let steps = 0
    let postgres: Stores
    beforeAll(async () => {
      process.stdout.write(`${named}; SIMULATOR_YEARS says how many, such as 3\n`)
      postgres = await postgresStores()
    })
    afterAll(async () => {
      process.stdout.write(`${named}: ${steps} steps on MongoDB\n`)
      await postgres?.close()
    })

    test.each(seeds)(
      'seed %s has the same statement on both databases',
      async seed => {
        const statements: string[] = []
        for (const stores of [postgres, mongo]) {
          const outcome = await liveSeed({ seed, years, stores })
          expect('problems' in outcome ? outcome.problems : []).toEqual([])
          if (!('result' in outcome)) continue
          statements.push(outcome.result.statement)
          if (stores === mongo) steps += outcome.result.steps
        }
        expect(differenceOf(statements[0]!, statements[1]!)).toBeNull()
      },
      years * 1_200_000,
    )
  })
}
