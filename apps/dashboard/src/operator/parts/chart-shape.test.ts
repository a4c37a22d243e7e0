import { describe, expect, it } from 'vitest'
import { chartShape } from './chart-shape.ts'

describe('the shape of a chart', () => {
  it('stacks 30 and 10 above zero and hangs 10 below, on 100 pixels', () => {
    const parts = [
      { series: 'new', value: 30 },
      { series: 'expansion', value: 10 },
      { series: 'churn', value: -10 },
    ]
    expect(chartShape([parts], 100)).toEqual({
      zeroY: 80,
      scale: 2,
      bars: [
        [
          { series: 'new', y: 20, height: 60 },
          { series: 'expansion', y: 0, height: 20 },
          { series: 'churn', y: 80, height: 20 },
        ],
      ],
    })
  })

  it('lies flat on the ground where there is nothing', () => {
    expect(chartShape([[{ series: 'new', value: 0 }]], 100)).toEqual({
      zeroY: 100,
      scale: 0,
      bars: [[]],
    })
  })

  it('leaves room for a range up to 100 above bars of 50', () => {
    const { bars, zeroY, scale } = chartShape([[{ series: 'new', value: 50 }]], 200, 100)
    expect([zeroY, scale]).toEqual([200, 2])
    expect(bars).toEqual([[{ series: 'new', y: 100, height: 100 }]])
  })
})
