// The time machine of test tenants.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { TestClock, Timeline } from '../schemas/test-clock.ts'
import { Time } from '../schemas/values.ts'
import { strict } from './list-query.ts'

export const testClockRoutes = {
  getTestClock: route({
    method: 'GET',
    path: '/test-clock',
    tag: 'Test clock',
    summary: 'Where the time of the tenant stands',
    permission: 'clock.manage',
    tenant: true,
    status: 200,
    reply: TestClock,
    refusals: [],
  }),
  setTestClock: route({
    method: 'POST',
    path: '/test-clock',
    tag: 'Test clock',
    summary: 'Give a new tenant a clock of its own, for ever',
    description:
      'Only in the sandbox or with a Stripe test key, and only for a tenant without records. Without `to` the clock starts at the real time.',
    permission: 'clock.manage',
    tenant: true,
    body: Type.Object({ to: Type.Optional(Time) }, strict),
    status: 200,
    reply: TestClock,
    refusals: [
      'test_clock_unavailable',
      'tenant_has_records',
      'clock_only_forward',
      'invalid_timestamp',
    ],
  }),
  advanceTestClock: route({
    method: 'POST',
    path: '/test-clock/advance',
    tag: 'Test clock',
    summary: 'Move the clock forward and do everything that falls due on the way, in order',
    description:
      'Give `to` or `by`. Answers what happened. `complete: false` says that the limit of one call was met: call again with the same `to`.',
    permission: 'clock.manage',
    tenant: true,
    body: Type.Object(
      {
        to: Type.Optional(Time),
        by: Type.Optional(
          Type.String({ pattern: '^[1-9]\\d{0,3}(h|d|w|mo|y)$', description: 'Such as 3d or 1mo' }),
        ),
      },
      { ...strict, minProperties: 1, maxProperties: 1 },
    ),
    status: 200,
    reply: Timeline,
    refusals: [
      'test_clock_unavailable',
      'not_a_test_tenant',
      'clock_only_forward',
      'clock_moving',
      'invalid_timestamp',
    ],
  }),
} as const
