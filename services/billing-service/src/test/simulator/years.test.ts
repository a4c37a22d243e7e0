import { expect, it } from 'vitest'
import { simulatorYears } from './years.ts'

it('is one year where nothing is set', () => {
  expect(simulatorYears(undefined)).toBe(1)
  expect(simulatorYears('')).toBe(1)
})

it.each([
  ['0.5', 0.5],
  ['1', 1],
  ['1.0', 1],
  ['2.5', 2.5],
  ['50', 50],
])('takes "%s"', (value, years) => {
  expect(simulatorYears(value)).toBe(years)
})

it.each(['0', '0.25', '.5', '-1', '51', '1e1', ' 3', 'three', 'NaN', 'Infinity'])(
  'refuses "%s" and says what it takes',
  value => {
    expect(() => simulatorYears(value)).toThrow(
      `SIMULATOR_YEARS takes whole or half years from 0.5 to 50, such as 3 or 0.5, not "${value}"`,
    )
  },
)
