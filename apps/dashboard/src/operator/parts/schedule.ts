// A job's timetable in words. The service writes it as a cron pattern in UTC, always one of a few shapes.
import type { Translate } from '../words/catalogue.ts'

const clock = (hour: string, minute: string) =>
  `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`

/** `30 2 * * *` as `Daily at 02:30`; a pattern of another shape stays as it is. */
export function scheduleText(pattern: string, t: Translate): string {
  const [minute = '', hour = '', day = '', ...rest] = pattern.split(' ')
  const every = (field: string) => /^\*\/(\d+)$/.exec(field)?.[1]
  const at = (field: string) => /^\d+$/.test(field)
  if (rest.join(' ') !== '* *') return pattern
  const [minutes, hours] = [every(minute), every(hour)]
  if (minutes && hour === '*' && day === '*')
    return t('schedule.minutes', { count: Number(minutes) })
  if (minute === '0' && hour === '*' && day === '*') return t('schedule.hourly')
  if (minute === '0' && hours && day === '*') return t('schedule.hours', { count: Number(hours) })
  if (!at(minute) || !at(hour)) return pattern
  const time = clock(hour, minute)
  if (day === '*') return t('schedule.daily', { time })
  return at(day) ? t('schedule.monthly', { day, time }) : pattern
}
