// Every report of the ledger adds up to the ledger lines of its accounts, on simulated lives in several
// currencies, and what a forecast said never changes: a short one here, three years in tests/long.
import { expect, it } from 'vitest'
import { reportsAgainstLedger } from '../../src/test/simulator/reported.ts'

it('half a year of 2 seeds in at least 2 currencies: every report is what the ledger says', async () => {
  const { currencies, compared, differences } = await reportsAgainstLedger({
    seeds: ['1', '2'],
    years: 0.5,
  })
  expect(differences).toEqual([])
  expect(currencies.length).toBeGreaterThanOrEqual(2)
  expect(compared).toBeGreaterThan(100)
}, 120_000)
