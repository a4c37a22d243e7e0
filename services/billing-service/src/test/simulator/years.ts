// For how many years the test suites let each seed live: SIMULATOR_YEARS, one where it is not set.

/** Whole or half years, from 0.5 up to 50, as SIMULATOR_YEARS gives them; anything else is refused. */
export function simulatorYears(value: string | undefined): number {
  if (value === undefined || value === '') return 1
  const years = Number(value)
  if (/^\d+(\.[05])?$/.test(value) && years >= 0.5 && years <= 50) return years
  throw new Error(
    `SIMULATOR_YEARS takes whole or half years from 0.5 to 50, such as 3 or 0.5, not "${value}"`,
  )
}
