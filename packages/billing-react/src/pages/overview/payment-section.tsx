// Payment health: the method that pays, and the last payment.
import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import { useLastPayment, usePaymentMethods } from '../../data/read.ts'
import type { SubscriptionWire } from '../../data/wire.ts'
import { PageLink } from '../../parts/button.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { Section } from '../../parts/section.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { payingMethod } from '../../states/method-state.ts'
import { MethodLine } from '../methods/method-line.tsx'

export interface PaymentSectionProps {
  readonly subscription: SubscriptionWire | null
  /** False on a plan that costs nothing. */
  readonly needed: boolean
}

export function PaymentSection({ subscription, needed }: PaymentSectionProps): ReactNode {
  const { t, links } = useBilling()
  const methods = usePaymentMethods()
  const last = useLastPayment()
  const paying = payingMethod(methods.data ?? [], subscription)
  const payment = last.data
  return (
    <Section title={t('overview.payment')}>
      {methods.isPending ? <LinesSkeleton lines={2} /> : null}
      {methods.isError ? (
        <ErrorCard error={methods.error} onRetry={() => methods.refetch()} />
      ) : null}
      {methods.data ? (
        <div>
          {paying ? <MethodLine method={paying} /> : null}
          {!paying ? <p>{t(needed ? 'overview.noMethod' : 'overview.methodNotNeeded')}</p> : null}
          <p className="qt-secondary">
            {payment
              ? t('overview.lastPayment', {
                  amount: { money: payment.amount, currency: payment.currency },
                  day: { day: payment.processedAt ?? payment.createdAt },
                })
              : null}
            {payment === null ? t('overview.noPayment') : null}
          </p>
          {links.paymentMethods ? (
            <PageLink href={links.paymentMethods}>{t('overview.managePayment')}</PageLink>
          ) : null}
        </div>
      ) : null}
    </Section>
  )
}
