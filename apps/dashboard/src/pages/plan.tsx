// Loaded by its route, so that the overview does not carry it.
import { SubscriptionManager } from '@quittance/billing-react/billing-react'
import type { ReactNode } from 'react'

export const PlanPage = (): ReactNode => <SubscriptionManager />
