import type { Closing as WireClosing } from '@quittance/billing-contract/schemas/closing'
import type { Static } from 'typebox'
import type { ClosingSeen } from '../../actions/closing/close-books.ts'
import { issuerOwner } from '../../core/file-export.ts'
import { toIso } from '../../core/time.ts'
import { fileExportToWire } from './file-export.ts'

export const closingToWire = ({ closing, pack }: ClosingSeen): Static<typeof WireClosing> => ({
  period: closing.period,
  tenantId: closing.owner === issuerOwner ? null : closing.owner,
  zone: closing.zone,
  from: toIso(closing.startsAt),
  to: toIso(closing.endsAt),
  closedAt: toIso(closing.closedAt),
  closedBy: closing.closedBy,
  pack: fileExportToWire(pack),
})
