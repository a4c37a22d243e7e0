// Simulated lives on MongoDB: the books hold at every step, every command names its tenant, and each statement
// is the one that the same life has on PostgreSQL, byte for byte. SIMULATOR_YEARS says how long they last.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnMongo } from '../../src/test/on-mongo.ts'
import { mongoStores, postgresStores, type Stores } from '../../src/test/simulator/databases.ts'
import { differenceOf, liveSeed } from '../../src/test/simulator/seed.ts'
import { simulatorYears } from '../../src/test/simulator/years.ts'

const seeds = Array.from({ length: 20 }, (_, at) => String(at + 1))
const years = simulatorYears(process.env.SIMULATOR_YEARS)
const lasting = `${years} ${years === 1 ? 'year' : 'years'}`

describeOnMongo(`${seeds.length} seeds of ${lasting} on MongoDB`, uri => {
  const mongo = mongoStores(uri)
  const steps: number[] = []
  let postgres: Stores
  beforeAll(async () => {
    process.stdout.write(
      `${seeds.length} seeds live ${lasting} each on MongoDB and on PostgreSQL; ` +
        'SIMULATOR_YEARS says how many, such as 3.\n',
    )
    postgres = await postgresStores()
  })
  afterAll(async () => {
    const all = steps.reduce((sum, each) => sum + each, 0)
    process.stdout.write(`${steps.length} seeds lived ${lasting} each in ${all} steps.\n`)
    await postgres.close()
  })

  test.each(seeds)(
    'seed %s has the same statement on both databases',
    async seed => {
      const statements: string[] = []
      for (const stores of [postgres, mongo]) {
        const outcome = await liveSeed({ seed, years, stores })
        expect('problems' in outcome ? outcome.problems : []).toEqual([])
        if ('result' in outcome) statements.push(outcome.result.statement)
        if ('result' in outcome && stores === mongo) steps.push(outcome.result.steps)
      }
      expect(differenceOf(statements[0]!, statements[1]!)).toBeNull()
    },
    years * 1_200_000,
  )
})
