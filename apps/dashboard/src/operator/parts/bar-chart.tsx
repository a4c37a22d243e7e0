// Stacked bars with a zero line, named series with patterns besides colours, a summary and a table of the
// same figures. Drawn by hand: a library of charts would weigh more than the console's own pages.
import { type ReactNode, useId, useState } from 'react'
import { useWords } from '../words/words.ts'
import { chartShape } from './chart-shape.ts'

export interface ChartSeries {
  readonly key: string
  readonly name: string
  /** Hatched: what is lost. */
  readonly hatched?: boolean
}

export interface ChartPlace {
  readonly label: string
  readonly values: Readonly<Record<string, number>>
  /** What each value says, written out. */
  readonly texts: Readonly<Record<string, string>>
  /** From where to where the whole of it may come to lie, and what is expected. */
  readonly range?: ChartRange
}

export interface ChartRange {
  readonly low: number
  readonly middle: number
  readonly high: number
  readonly text: string
}

export interface BarChartProps {
  readonly title: string
  /** The chart in one sentence. */
  readonly summary: string
  readonly series: readonly ChartSeries[]
  readonly places: readonly ChartPlace[]
  /** What the ranges of the places are. */
  readonly rangeName?: string
}

const height = 160
const step = 48
const barWidth = 28

/** A line from the low to the high end, with a mark at what is expected. */
function Range({
  range,
  x,
  yOf,
}: {
  readonly range: ChartRange
  readonly x: number
  readonly yOf: (value: number) => number
}): ReactNode {
  const [low, middle, high] = [yOf(range.low), yOf(range.middle), yOf(range.high)]
  return (
    <g className="op-range">
      <title>{range.text}</title>
      <path d={`M${x} ${low}V${high}M${x - 5} ${low}h10M${x - 5} ${high}h10`} />
      <circle cx={x} cy={middle} r="3.5" />
    </g>
  )
}

function Bars({ series, places, title }: BarChartProps): ReactNode {
  const hatchId = useId()
  const shape = chartShape(
    places.map(place => series.map(({ key }) => ({ series: key, value: place.values[key] ?? 0 }))),
    height,
    Math.max(0, ...places.map(({ range }) => (range?.high ?? 0) * 1.03)),
  )
  const yOf = (value: number) => shape.zeroY - value * shape.scale
  const width = places.length * step
  return (
    <svg
      className="op-chart"
      viewBox={`0 0 ${width} ${height + 24}`}
      role="img"
      aria-label={title}
      preserveAspectRatio="xMinYMid meet"
    >
      <defs>
        <pattern
          id={hatchId}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="6" height="6" className="op-hatch-ground" />
          <line x1="0" y1="0" x2="0" y2="6" className="op-hatch" />
        </pattern>
      </defs>
      {shape.bars.map((segments, index) => (
        <g key={places[index]?.label}>
          {segments.map(segment => {
            const at = series.findIndex(({ key }) => key === segment.series)
            return (
              <rect
                key={segment.series}
                x={index * step + (step - barWidth) / 2}
                y={segment.y}
                width={barWidth}
                height={segment.height}
                {...(series[at]?.hatched
                  ? { fill: `url(#${hatchId})` }
                  : { className: `op-series-${at}` })}
              >
                <title>{`${places[index]?.label} · ${series[at]?.name} ${places[index]?.texts[segment.series]}`}</title>
              </rect>
            )
          })}
          {places[index]?.range ? (
            <Range range={places[index].range} x={index * step + step / 2} yOf={yOf} />
          ) : null}
          <text x={index * step + step / 2} y={height + 18} textAnchor="middle" className="op-tick">
            {places[index]?.label}
          </text>
        </g>
      ))}
      <line x1="0" x2={width} y1={shape.zeroY} y2={shape.zeroY} className="op-zero" />
    </svg>
  )
}

function Figures({ series, places, title, rangeName }: BarChartProps): ReactNode {
  return (
    <table className="qt-table">
      <caption className="qt-hidden">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{title}</th>
          {series.map(({ key, name }) => (
            <th key={key} scope="col" className="qt-figures">
              {name}
            </th>
          ))}
          {rangeName ? (
            <th scope="col" className="qt-figures">
              {rangeName}
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {places.map(place => (
          <tr key={place.label}>
            <th scope="row">{place.label}</th>
            {series.map(({ key }) => (
              <td key={key} className="qt-figures">
                {place.texts[key] ?? '—'}
              </td>
            ))}
            {rangeName ? <td className="qt-figures">{place.range?.text ?? '—'}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function BarChart(props: BarChartProps): ReactNode {
  const t = useWords()
  const [isTable, setTable] = useState(false)
  return (
    <figure className="op-figure-chart">
      <figcaption className="op-chart-head">
        <span className="qt-secondary">{props.summary}</span>
        <button type="button" className="op-peek qt-link" onClick={() => setTable(!isTable)}>
          {t(isTable ? 'chart.asChart' : 'chart.asTable')}
        </button>
      </figcaption>
      {isTable ? <Figures {...props} /> : <Bars {...props} />}
      {isTable ? null : (
        <ul className="op-legend">
          {props.series.map(({ key, name, hatched }, index) => (
            <li key={key}>
              <span
                className={`op-swatch op-${hatched ? 'swatch-hatched' : `series-${index}`}`}
                aria-hidden="true"
              />
              {name}
            </li>
          ))}
          {props.rangeName ? (
            <li>
              <svg className="op-range" width="12" height="14" aria-hidden="true">
                <path d="M6 1V13M2 1h8M2 13h8" />
                <circle cx="6" cy="7" r="3" />
              </svg>
              {props.rangeName}
            </li>
          ) : null}
        </ul>
      )}
    </figure>
  )
}
