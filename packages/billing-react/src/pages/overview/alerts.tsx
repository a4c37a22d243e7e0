// What needs attention but is not overdue yet: methods that cannot be charged, quotas that are nearly used.
import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import { usePaymentMethods } from '../../data/read.ts'
import type { PaymentMethodWire, SubscriptionUsageWire } from '../../data/wire.ts'
import { PageLink } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { expiryMonth, methodChip } from '../../states/method-state.ts'
import type { Moment } from '../../states/state.ts'
import { quotaShare } from '../../states/usage-state.ts'
import { methodName, metricName } from '../../words/names.ts'
import type { Translate } from '../../words/words.ts'

const alertKeys = {
  'method.chip.pending': 'alert.verify',
  'method.chip.failed': 'alert.failed',
  'method.chip.expired': 'alert.expired',
  'method.chip.expiring': 'alert.expiring',
} as const

/** From here on a quota is worth a word. */
const nearPercent = 80

function methodAlert(method: PaymentMethodWire, moment: Moment, t: Translate): string | null {
  const key = alertKeys[methodChip(method, moment)?.word.key as keyof typeof alertKeys]
  if (!key) return null
  return t(key, { method: methodName(method, t), month: expiryMonth(method) ?? '' })
}

function quotaAlerts(usage: SubscriptionUsageWire | undefined, t: Translate): string[] {
  return Object.entries(usage?.metrics ?? {}).flatMap(([name, metric]) => {
    const percent = quotaShare(metric)
    if (percent === null || percent < nearPercent) return []
    const words = { metric: metricName(name, t) }
    return [
      metric.overage > 0
        ? t('alert.over', words)
        : t('alert.quota', { ...words, percent: `${percent}%` }),
    ]
  })
}

interface AlertProps {
  readonly text: string
  readonly href: string | undefined
  readonly link: string
}

function Alert({ text, href, link }: AlertProps): ReactNode {
  return (
    <li className="qt-alert">
      <Icon name="warning" />
      <span>{text}</span>
      {href ? <PageLink href={href}>{link}</PageLink> : null}
    </li>
  )
}

export interface AlertsProps {
  readonly usage: SubscriptionUsageWire | undefined
  /** False on a plan that costs nothing. */
  readonly needsMethod: boolean
}

export function Alerts({ usage, needsMethod }: AlertsProps): ReactNode {
  const { t, reader, links } = useBilling()
  const methods = usePaymentMethods()
  const known = methods.data ?? []
  const ofMethods = known.flatMap(method => methodAlert(method, reader, t) ?? [])
  const missing = methods.data?.length === 0 && needsMethod ? [t('alert.noMethod')] : []
  const payment = [...missing, ...ofMethods]
  const quota = quotaAlerts(usage, t)
  if (payment.length + quota.length === 0) return null
  return (
    <ul className="qt-alerts" aria-label={t('alert.title')}>
      {payment.map(text => (
        <Alert key={text} text={text} href={links.paymentMethods} link={t('alert.open')} />
      ))}
      {quota.map(text => (
        <Alert key={text} text={text} href={links.usage ?? links.plan} link={t('alert.see')} />
      ))}
    </ul>
  )
}
