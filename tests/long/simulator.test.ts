// The long lives: every planted bug is found, and a seed gives the same statement on memory and PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  memoryStores,
  postgresStores,
  type Stores,
} from '../../services/billing-service/src/test/simulator/databases.ts'
import { plants } from '../../services/billing-service/src/test/simulator/plants.ts'
import {
  catchPlant,
  differenceOf,
  liveSeed,
} from '../../services/billing-service/src/test/simulator/seed.ts'

describe('a bug put in on purpose is found within 60 seeds of a year', () => {
  it.each(plants)('$name: $says', async plant => {
    const caught = await catchPlant(plant, { seedsMax: 60, years: 1, stores: memoryStores() })
    expect(caught?.problem ?? 'missed').not.toBe('missed')
  })
})

describe('a year of a seed', () => {
  let postgres: Stores
  beforeAll(async () => {
    postgres = await postgresStores()
  })
  afterAll(() => postgres.close())

  it.each(['1', '2', '3', '4'])('seed %s: the same statement on both stores', async seed => {
    const here = await liveSeed({ seed, years: 1, stores: memoryStores() })
    const there = await liveSeed({ seed, years: 1, stores: postgres })
    const [one, other] = [here, there].map(outcome =>
      'result' in outcome ? outcome.result.statement : outcome.problems.join('\n'),
    )
    expect(differenceOf(one!, other!)).toBeNull()
    expect('result' in here && 'result' in there).toBe(true)
  })
})
