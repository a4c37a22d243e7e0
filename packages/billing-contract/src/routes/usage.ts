// Usage beyond recording it: the single events.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { UsageEvent } from '../schemas/usage.ts'
import { listOf } from '../schemas/values.ts'
import { recordedQuery, strict } from './list-query.ts'

export const usageRoutes = {
  listUsageEvents: route({
    method: 'GET',
    path: '/subscriptions/:id/usage/events',
    tag: 'Usage',
    summary: 'The single usage events of a subscription, newest first',
    permission: 'usage.audit',
    tenant: true,
    query: Type.Object(
      { ...recordedQuery, metric: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })) },
      strict,
    ),
    status: 200,
    reply: listOf(UsageEvent),
    refusals: ['not_found', 'invalid_cursor'],
  }),
} as const
