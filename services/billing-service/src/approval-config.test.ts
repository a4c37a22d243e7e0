import { describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'

const limits = (APPROVAL_ABOVE: string, more = {}) =>
  loadConfig({ APPROVAL_ABOVE, ...more }).approvals

describe('the limits above which a second person must agree', () => {
  it('are none unless they are set', () => {
    expect(loadConfig({}).approvals).toBeNull()
    expect(limits('')).toBeNull()
  })

  it('are amounts by currency in its own decimals, for 7 days unless told otherwise', () => {
    expect(limits('USD:500, EUR:450.50,JPY:50000')).toEqual({
      aboveMinor: { USD: 50_000, EUR: 45_050, JPY: 50_000 },
      days: 7,
    })
    expect(limits('USD:0', { APPROVAL_DAYS: '2' })).toEqual({ aboveMinor: { USD: 0 }, days: 2 })
  })

  it('are refused at the start when they cannot be read: nothing goes out unwatched by mistake', () => {
    for (const wrong of [
      '500',
      'USD',
      'USD:',
      'USD:-1',
      'usd:5',
      'USD:5,USD:6',
      'JPY:0.5',
      'USD:1:2',
    ]) {
      expect(() => limits(wrong), wrong).toThrow('APPROVAL_ABOVE')
    }
  })
})
