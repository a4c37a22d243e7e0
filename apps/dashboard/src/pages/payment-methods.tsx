// Loaded by its route, so that the overview does not carry it.
import { PaymentMethods } from '@quittance/billing-react/billing-react'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'

const verify = getRouteApi('/payment-methods/$methodId/verify')

export const PaymentMethodsPage = (): ReactNode => <PaymentMethods />

export function VerifyMethodPage(): ReactNode {
  const { methodId } = verify.useParams()
  return <PaymentMethods verifyId={methodId} />
}
