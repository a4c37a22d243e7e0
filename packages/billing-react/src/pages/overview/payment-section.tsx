// Payment health: the method that pays, and the last payment.
import type { ReactNode } from 'react'
import { useBilling } from '../../billing-context.ts'
import { useLastPayment, usePaymentMethods } from '../../data/read.ts'
import { PageLink } from '../../parts/button.tsx'
import { ErrorCard } from '../../parts/notices.tsx'
import { Section } from '../../parts/section.tsx'
import { LinesSkeleton } from '../../parts/skeletons.tsx'
import { MethodLine } from '../methods/method-line.tsx'

/** `needed` is false on a plan that costs nothing. */
export function PaymentSection({ needed }: { readonly needed: boolean }): ReactNode {
  const { t, links } = useBilling()
  const methods = usePaymentMethods()
  const last = useLastPayment()
  const standard = methods.data?.find(method => method.isDefault)
  const payment = last.data
  return (
    <Section title={t('overview.payment')}>
      {methods.isPending ? <LinesSkeleton lines={2} /> : null}
      {methods.isError ? (
        <ErrorCard error={methods.error} onRetry={() => methods.refetch()} />
      ) : null}
      {methods.data ? (
        <div>
          {standard ? <MethodLine method={standard} /> : null}
          {!standard ? <p>{t(needed ? 'overview.noMethod' : 'overview.methodNotNeeded')}</p> : null}
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
