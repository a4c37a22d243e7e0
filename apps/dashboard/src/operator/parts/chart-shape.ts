// Where the bars of a chart stand: only places on the screen, no amounts for anybody to read.

export interface BarSegment {
  readonly series: string
  readonly y: number
  readonly height: number
}

export interface ChartShape {
  readonly bars: readonly (readonly BarSegment[])[]
  /** Where zero lies. */
  readonly zeroY: number
  /** How high one unit is. */
  readonly scale: number
}

/**
 * Stacks the parts of each place: what adds stands above zero, what takes away hangs below. There is room up to
 * `top` in any case.
 */
export function chartShape(
  places: readonly (readonly { readonly series: string; readonly value: number }[])[],
  height: number,
  top = 0,
): ChartShape {
  const reach = (sign: 1 | -1) =>
    Math.max(
      0,
      ...places.map(parts => parts.reduce((sum, { value }) => sum + Math.max(0, sign * value), 0)),
    )
  const up = Math.max(top, reach(1))
  const down = reach(-1)
  const scale = up + down === 0 ? 0 : height / (up + down)
  const zeroY = up + down === 0 ? height : up * scale
  const bars = places.map(parts => {
    let above = zeroY
    let below = zeroY
    return parts.flatMap(({ series, value }) => {
      const size = Math.abs(value) * scale
      if (size === 0) return []
      if (value > 0) above -= size
      const y = value > 0 ? above : below
      if (value < 0) below += size
      return [{ series, y, height: size }]
    })
  })
  return { bars, zeroY, scale }
}
