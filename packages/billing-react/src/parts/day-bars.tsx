// Usage by day as bars from a zero line. What lies above the quota has its own colour and pattern, so that it shows
// in grey as well. Every bar says its day and quantity.
import { type ReactNode, useId } from 'react'
import { useBilling } from '../billing-context.ts'
import { quantity } from '../formats.ts'
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

/** The days of the period from its first to its last, at most two months of them. */
function calendar([from, to]: readonly [string, string], days: readonly DayOfUsage[]) {
  const first = Date.parse(`${days[0]?.day ?? from.slice(0, 10)}T00:00:00Z`)
  const start = Math.min(first, Date.parse(`${from.slice(0, 10)}T00:00:00Z`))
  const count = Math.min(62, Math.max(1, Math.ceil((Date.parse(to) - start) / dayMs)))
  return Array.from({ length: count }, (_, index) =>
    new Date(start + index * dayMs).toISOString().slice(0, 10),
  )
}

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
      <title>{`${day}: ${quantity(total, reader.language)}`}</title>
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
      <svg
        className="qt-chart-bars"
        viewBox={`0 -16 ${width} ${height + 36}`}
        role="img"
        aria-label={`${title}. ${summary}`}
      >
        <pattern id={pattern} width="4" height="4" patternUnits="userSpaceOnUse">
          <path className="qt-bar-beyond" d="M0 4 4 0" />
        </pattern>
        <text className="qt-chart-text" x="0" y="-4">
          {quantity(most, reader.language)}
        </text>
        <path className="qt-chart-most" d={`M0 0H${width}`} />
        {all.map((day, index) => {
          const found = days.find(each => each.day === day)
          const x = index * step + (step - barWidth) / 2
          return found ? <Bar key={day} of={found} x={x} most={most} pattern={pattern} /> : null
        })}
        <path className="qt-chart-zero" d={`M0 ${height}H${width}`} />
        <text className="qt-chart-text" x="0" y={height + 16}>
          {all[0]}
        </text>
        <text className="qt-chart-text" x={width} y={height + 16} textAnchor="end">
          {all.at(-1)}
        </text>
      </svg>
      {isBeyond ? (
        <p className="qt-legend qt-small">
          <span className="qt-legend-within">{t('usage.within')}</span>
          <span className="qt-legend-beyond">{t('usage.beyond')}</span>
        </p>
      ) : null}
    </figure>
  )
}
