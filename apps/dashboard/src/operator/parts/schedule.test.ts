import { translator } from '@quittance/billing-react/billing-react'
import { expect, it } from 'vitest'
import { consoleWords } from '../words/catalogue.ts'
import { scheduleText } from './schedule.ts'

it.each([
  ['*/10 * * * *', 'Every 10 minutes', '每 10 分钟'],
  ['0 * * * *', 'Every hour', '每小时'],
  ['0 */6 * * *', 'Every 6 hours', '每 6 小时'],
  ['30 2 * * *', 'Daily at 02:30', '每天 02:30'],
  ['0 4 3 * *', 'Monthly on day 3, 04:00', '每月 3 日 04:00'],
  ['0 4 * * 1', '0 4 * * 1', '0 4 * * 1'],
])('%s is said as %s', (pattern, en, zh) => {
  const said = (language: 'en' | 'zh-CN') =>
    scheduleText(pattern, translator(consoleWords, { language, zone: 'UTC', at: 0 }))
  expect([said('en'), said('zh-CN')]).toEqual([en, zh])
})
