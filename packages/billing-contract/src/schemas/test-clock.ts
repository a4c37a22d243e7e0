// The clock of a test tenant and what fell due on the way.
import { type Static, Type } from 'typebox'
import { Time } from './values.ts'

export const TestClock = Type.Object({
  kind: Type.String({ description: 'live | test' }),
  now: Time,
})

/** What happened while a test clock moved. */
export const Timeline = Type.Object({
  kind: Type.String(),
  now: Time,
  complete: Type.Boolean(),
  timeline: Type.Array(
    Type.Object({
      at: Time,
      type: Type.String({ description: 'Such as invoice.issued or subscription.past_due' }),
      objectId: Type.String(),
      data: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
})

export type TestClockWire = Static<typeof TestClock>
export type TimelineWire = Static<typeof Timeline>
