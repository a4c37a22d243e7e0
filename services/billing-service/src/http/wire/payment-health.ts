import type { PaymentHealthWire } from '@quittance/billing-contract/schemas/payment-health'
import { ppmToPercent } from '../../core/money.ts'
import type { HealthAlert, PaymentHealth, Rate, Slice } from '../../core/payment-health.ts'
import type { DomainEvent } from '../../core/records.ts'
import { type Instant, toIso } from '../../core/time.ts'

const percent = (ppm: number | null): number | null => (ppm === null ? null : ppmToPercent(ppm))

const rateToWire = ({ attempts, succeeded, failed, successRatePpm }: Rate) => ({
  attempts,
  succeeded,
  failed,
  successRate: percent(successRatePpm),
})

const sliceToWire = (slice: Slice) => ({ name: slice.name, ...rateToWire(slice) })

const alertToWire = ({ name, ratePpm, thresholdPpm }: HealthAlert) => ({
  name,
  rate: ppmToPercent(ratePpm),
  threshold: ppmToPercent(thresholdPpm),
})

export const paymentHealthToWire = (
  health: PaymentHealth,
  told: readonly DomainEvent[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
): PaymentHealthWire => ({
  from: toIso(from),
  to: toIso(to),
  total: rateToWire(health.total),
  byDay: health.byDay.map(sliceToWire),
  byMethod: health.byMethod.map(sliceToWire),
  byBrand: health.byBrand.map(sliceToWire),
  byReason: health.byReason.map(reason => ({ ...reason })),
  refunds: { count: health.refunds, rate: percent(health.refundRatePpm) },
  disputes: {
    count: health.disputes,
    lost: health.disputesLost,
    rate: percent(health.disputeRatePpm),
  },
  alerts: health.alerts.map(alertToWire),
  told: told.map(({ data, recordedAt }) => ({
    ...alertToWire(data as unknown as HealthAlert),
    at: toIso(recordedAt),
  })),
})
