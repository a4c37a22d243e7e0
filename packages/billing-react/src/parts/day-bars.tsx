// Usage by day as bars from a zero line. What lies above the quota has its own colour and pattern, so that it shows
// in grey as well. Every bar says its day and quantity.
import { type ReactNode, useId } from 'react'
import { useBilling } from '../billing-context.ts'
import { quantity, type Reader, tableDate } from '../formats.ts'
import type { DayOfUsage } from '../states/usage-state.ts'

export interface DayBarsProps {
  /** Of the chart, for everybody: what it shows and of which days. */
  readonly title: string
  /** One sentence that says the same as the bars. */
  readonly summary: string
  readonly days: readonly DayOfUsage[]
  /** First and last instant of the period: days without usage stay gaps. */
  readonly period: readonly [string, string]
}

const dayMs = 86_400_000
const height = 160
const step = 24
const barWidth = 16

/** Further days are left out: one bar must stay wide enough to be seen. */
const daysMost = 62

/** The days of the period, its end's day excluded, and any day of usage before. */
function calendar([from, to]: readonly [string, string], days: readonly DayOfUsage[]) {
  const first = Date.parse(`${days[0]?.day ?? from.slice(0, 10)}T00:00:00Z`)
  const start = Math.min(first, Date.parse(`${from.slice(0, 10)}T00:00:00Z`))
  const end = Date.parse(`${to.slice(0, 10)}T00:00:00Z`)
  const last = Date.parse(`${days.at(-1)?.day ?? from.slice(0, 10)}T00:00:00Z`) + dayMs
  const count = Math.min(daysMost, Math.max(1, Math.round((Math.max(end, last) - start) / dayMs)))
  return Array.from({ length: count }, (_, index) =>
    new Date(start + index * dayMs).toISOString().slice(0, 10),
  )
}

/** A day of the billing zone, as a reader writes it. */
const dayName = (day: string | undefined, reader: Reader): string =>
  day === undefined ? '' : tableDate(`${day}T12:00:00Z`, { ...reader, zone: 'UTC' })

/** Height of a part of the chart, for drawing only. */
const drawn = (part: number, most: number): number => (most <= 0 ? 0 : (part / most) * height)

interface BarProps {
  readonly of: DayOfUsage
  readonly x: number
  readonly most: number
  readonly pattern: string
}

function Bar({ of: { day, quantity: total, beyond }, x, most, pattern }: BarProps): ReactNode {
  const { reader } = useBilling()
  const over = drawn(beyond, most)
  const all = drawn(Math.max(0, total), most)
  return (
    <g>
      <title>{`${dayName(day, reader)}: ${quantity(total, reader.language)}`}</title>
      <rect
        className="qt-bar-within"
        x={x}
        y={height - all + over}
        width={barWidth}
        height={all - over}
      />
      <rect x={x} y={height - all} width={barWidth} height={over} fill={`url(#${pattern})`} />
    </g>
  )
}

export function DayBars({ title, summary, days, period }: DayBarsProps): ReactNode {
  const { t, reader } = useBilling()
  const pattern = useId()
  const all = calendar(period, days)
  const most = Math.max(0, ...days.map(day => day.quantity))
  const width = all.length * step
  const isBeyond = days.some(day => day.beyond > 0)
  return (
    <figure className="qt-chart">
      <figcaption>
        <span className="qt-strong">{title}</span>
        <span className="qt-secondary qt-block">{summary}</span>
      </figcaption>
      <span className="qt-secondary qt-small" aria-hidden="true">
        {quantity(most, reader.language)}
      </span>
      <svg
        className="qt-chart-bars"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}. ${summary}`}
      >
        <pattern id={pattern} width="4" height="4" patternUnits="userSpaceOnUse">
          <path className="qt-bar-beyond" d="M0 4 4 0" />
        </pattern>
        {all.map((day, index) => {
          const found = days.find(each => each.day === day)
          const x = index * step + (step - barWidth) / 2
          return found ? <Bar key={day} of={found} x={x} most={most} pattern={pattern} /> : null
        })}
      </svg>
      <span className="qt-chart-ends qt-secondary qt-small" aria-hidden="true">
        <span>{dayName(all[0], reader)}</span>
        <span>{dayName(all.at(-1), reader)}</span>
      </span>
      {isBeyond ? (
        <p className="qt-legend qt-small">
          <span className="qt-legend-within">{t('usage.within')}</span>
          <span className="qt-legend-beyond">{t('usage.beyond')}</span>
        </p>
      ) : null}
    </figure>
  )
}
