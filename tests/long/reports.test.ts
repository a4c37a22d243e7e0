// Three years of simulated tenants in several currencies: every report of the ledger adds up to the ledger lines of
// its accounts, for all tenants and for each, over the whole time and over each quarter.
import { expect, it } from 'vitest'
import { reportsAgainstLedger } from '../../services/billing-service/src/test/simulator/reported.ts'

it('3 years of 6 seeds in 4 currencies', async () => {
  const { currencies, compared, differences } = await reportsAgainstLedger({
    seeds: ['1', '2', '3', '4', '5', '6'],
    years: 3,
  })
  expect(differences).toEqual([])
  expect(currencies).toEqual(['EUR', 'JPY', 'KWD', 'USD'])
  expect(compared).toBeGreaterThan(2000)
})
