// How much of an included quota is used in the current period: words first, a line below. The part
// above the quota has its own colour and pattern, so that it shows in grey as well.
import { type ReactNode, useId } from 'react'
import { useBilling } from '../billing-context.ts'
import { quantity, unitPrice } from '../formats.ts'
import { metricName } from '../words/names.ts'

export interface QuotaMeterProps {
  readonly metric: string
  readonly used: number
  /** Null is unlimited. */
  readonly included: number | null
  readonly overage: number
  /** What the overage costs so far, from the API; null or left out where it is not known. */
  readonly amount?: number | null
  readonly unitAmount?: number | null
  readonly currency?: string
}

/** Share of the drawn line in percent, for drawing only. */
const share = (part: number, whole: number): number =>
  whole <= 0 ? 0 : Math.min(100, Math.max(0, (part / whole) * 100))

const nearLimit = 80

function MeterLine({ used, included, overage }: QuotaMeterProps): ReactNode {
  const patternId = useId()
  if (included === null) return null
  const whole = Math.max(used, included)
  const within = share(Math.min(used, included), whole)
  const tone = overage > 0 || share(used, included) >= nearLimit ? 'warn' : 'good'
  return (
    <svg className="qt-meter-line" aria-hidden="true" width="100%" height="8">
      <pattern id={patternId} width="4" height="8" patternUnits="userSpaceOnUse">
        <rect width="2" height="8" className="qt-meter-over" />
      </pattern>
      <rect className="qt-meter-track" width="100%" height="2" y="3" />
      <rect className={`qt-meter-used qt-meter-${tone}`} width={`${within}%`} height="8" />
      {overage > 0 ? (
        <rect x={`${within}%`} width={`${100 - within}%`} height="8" fill={`url(#${patternId})`} />
      ) : null}
    </svg>
  )
}

/** One metric of the plan with its quota. */
export function QuotaMeter(props: QuotaMeterProps): ReactNode {
  const { t, reader } = useBilling()
  const { metric, used, included, overage, amount, unitAmount, currency } = props
  const count = (value: number) => quantity(value, reader.language)
  const usedText =
    included === null
      ? t('usage.usedUnlimited', { used: count(used) })
      : t('usage.used', { used: count(used), included: count(included) })
  return (
    <div className="qt-meter">
      <div className="qt-meter-words">
        <span className="qt-strong">{metricName(metric, t)}</span>
        <span className="qt-figures">{usedText}</span>
      </div>
      <MeterLine {...props} />
      <div className="qt-meter-words qt-small qt-secondary">
        {overage > 0 ? (
          <span className="qt-warn">{t('usage.overage', { overage: count(overage) })}</span>
        ) : null}
        {overage > 0 && amount !== undefined && currency !== undefined ? (
          <span className="qt-figures">
            {t('usage.cost', { amount: { money: amount, currency } })}
          </span>
        ) : null}
        {overage <= 0 && unitAmount && currency && included !== null ? (
          <span>
            {t('plan.overageFrom', {
              price: `${currency} ${unitPrice(unitAmount, currency, reader.language)}`,
            })}
          </span>
        ) : null}
      </div>
    </div>
  )
}
