// Three years of simulated tenants in several currencies: every report of the ledger adds up to the ledger lines of
// its accounts, for all tenants and for each, over the whole time and over each quarter. And every report says the
// same on memory and on PostgreSQL.
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  memoryStores,
  postgresStores,
  type Stores,
} from '../../services/billing-service/src/test/simulator/databases.ts'
import {
  reportsAgainstLedger,
  reportsOf,
} from '../../services/billing-service/src/test/simulator/reported.ts'

let postgres: Stores

beforeAll(async () => {
  postgres = await postgresStores()
})
afterAll(() => postgres?.close())

it('3 years of 6 seeds in 4 currencies', async () => {
  const { currencies, compared, differences } = await reportsAgainstLedger({
    seeds: ['1', '2', '3', '4', '5', '6'],
    years: 3,
  })
  expect(differences).toEqual([])
  expect(currencies).toEqual(['EUR', 'JPY', 'KWD', 'USD'])
  expect(compared).toBeGreaterThan(2000)
})

it('a year of a seed gives the same reports on memory and on PostgreSQL', async () => {
  const [memory, database] = [
    await reportsOf('1', 1, memoryStores()),
    await reportsOf('1', 1, postgres),
  ]
  expect(Object.keys(memory).length).toBeGreaterThan(15)
  expect(database).toEqual(memory)
})
