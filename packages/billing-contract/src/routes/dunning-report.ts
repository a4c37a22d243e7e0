// What would have been: past failures under other rules of dunning.
import { Type } from 'typebox'
import { route } from '../route.ts'
import { DunningSimulation } from '../schemas/dunning-report.ts'
import { Time } from '../schemas/values.ts'
import { strict } from './list-query.ts'

export const dunningReportRoutes = {
  simulateDunning: route({
    method: 'POST',
    path: '/reports/dunning-simulation',
    tag: 'Reports',
    summary: 'Replay past failed charges under changed dunning settings',
    description:
      'Nothing is charged or changed. Invoices of all live tenants, or of one tenant, whose first charge failed in the span (default: the last 90 days, at most 366) are replayed through the dunning policy with the settings given; what is not given stays as each tenant has it. The answer names its assumptions.',
    permission: 'issuer.read',
    tenant: false,
    safe: true,
    body: Type.Object(
      {
        tenantId: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 128,
            description: 'Only this tenant, also a test one',
          }),
        ),
        from: Type.Optional(Time),
        to: Type.Optional(Time),
        settings: Type.Object(
          {
            gracePeriodDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 90 })),
            dunningAttempts: Type.Optional(Type.Integer({ minimum: 0, maximum: 8 })),
            dunningIntervalDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 })),
            dunningDays: Type.Optional(
              Type.Array(Type.Integer({ minimum: 1, maximum: 60 }), {
                maxItems: 8,
                uniqueItems: true,
              }),
            ),
          },
          { ...strict, minProperties: 1 },
        ),
      },
      strict,
    ),
    status: 200,
    reply: DunningSimulation,
    refusals: ['invalid_timestamp', 'not_found'],
  }),
} as const
