// Loaded by its route, so that the overview does not carry it.
import { PaymentMethods } from '@quittance/billing-react/billing-react'
import type { ReactNode } from 'react'

export const PaymentMethodsPage = (): ReactNode => <PaymentMethods />
