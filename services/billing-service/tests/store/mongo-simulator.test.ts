// Simulated lives on MongoDB: the books hold at every step, every command names its tenant, and each statement
// is the one that the same life has on PostgreSQL, byte for byte.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnMongo } from '../../src/test/on-mongo.ts'
import { mongoStores, postgresStores, type Stores } from '../../src/test/simulator/databases.ts'
import { differenceOf, liveSeed } from '../../src/test/simulator/seed.ts'

const seeds = Array.from({ length: 20 }, (_, at) => String(at + 1))
const years = 3

describeOnMongo('20 seeds of 3 years on MongoDB', uri => {
  const mongo = mongoStores(uri)
  let postgres: Stores
  beforeAll(async () => {
    postgres = await postgresStores()
  })
  afterAll(() => postgres.close())

  test.each(seeds)(
    'seed %s has the same statement on both databases',
    async seed => {
      const statements: string[] = []
      for (const stores of [postgres, mongo]) {
        const outcome = await liveSeed({ seed, years, stores })
        expect('problems' in outcome ? outcome.problems : []).toEqual([])
        if ('result' in outcome) statements.push(outcome.result.statement)
      }
      expect(differenceOf(statements[0]!, statements[1]!)).toBeNull()
    },
    3_600_000,
  )
})
