// Which periods are closed.
import type { Closing } from '../../core/closing.ts'
import { declare } from './declare.ts'

export const closingsCollections = {
  closings: declare<Closing>({
    scope: 'system',
    table: 'closings',
    fields: {
      id: 'text',
      owner: 'text',
      period: 'text',
      zone: 'text',
      startsAt: 'instant',
      endsAt: 'instant',
      exportId: 'text',
      closedAt: 'instant',
      closedBy: 'text',
    },
    key: ['id'],
    indexes: [['owner', 'endsAt', 'id']],
    appendOnly: true,
  }),
} as const
