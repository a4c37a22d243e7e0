import type {
  CertificateWire,
  DifferenceWire,
  DriftWire,
} from '@quittance/billing-contract/schemas/reconciliation'
import type { Certificate, Difference, Drift } from '../../core/comparison.ts'
import { toIso } from '../../core/time.ts'
import { amount, time } from './money.ts'

const differenceToWire = (difference: Difference): DifferenceWire => ({
  objectType: difference.objectType,
  stripeId: difference.processorId,
  tenantId: difference.tenantId,
  objectId: difference.objectId,
  field: difference.field,
  ours: difference.ours,
  theirs: difference.theirs,
  moneyAtStake: amount(difference.moneyMinor, difference.currency),
  currency: difference.currency,
})

export const driftToWire = (drift: Drift): DriftWire => ({
  id: drift.id,
  ...differenceToWire(drift),
  status: drift.state,
  resolution: drift.resolution,
  note: drift.note,
  resolvedBy: drift.resolvedBy,
  resolvedAt: time(drift.resolvedAt),
  detectedAt: toIso(drift.detectedAt),
  lastSeenAt: toIso(drift.lastSeenAt),
})

export const certificateToWire = (certificate: Certificate): CertificateWire => ({
  period: certificate.id,
  from: toIso(certificate.startsAt),
  to: toIso(certificate.endsAt),
  agrees: certificate.agrees,
  totals: certificate.tallies.map(({ kind, currency, ours, theirs }) => ({
    kind,
    currency,
    ours: { count: ours.count, sum: amount(ours.sumMinor, currency) },
    stripe: { count: theirs.count, sum: amount(theirs.sumMinor, currency) },
    difference: amount(ours.sumMinor - theirs.sumMinor, currency),
  })),
  differences: certificate.differences.map(differenceToWire),
  differenceCount: certificate.differenceCount,
  foreignCount: certificate.foreignCount,
  events: { ...certificate.events },
  issuedAt: toIso(certificate.issuedAt),
  issuedBy: certificate.issuedBy,
})
