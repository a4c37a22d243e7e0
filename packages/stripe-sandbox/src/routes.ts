// Every API route of the sandbox.

import type { Route } from './api.ts'
import { accountRoutes } from './resources/account.ts'
import { balanceRoutes } from './resources/balance.ts'
import { catalogueRoutes } from './resources/catalogue.ts'
import { chargeRoutes } from './resources/charges.ts'
import { checkoutRoutes } from './resources/checkout-sessions.ts'
import { customerRoutes } from './resources/customers.ts'
import { disputeRoutes } from './resources/disputes.ts'
import { invoiceRoutes } from './resources/invoices.ts'
import { paymentIntentRoutes } from './resources/payment-intents.ts'
import { paymentMethodRoutes } from './resources/payment-methods.ts'
import { payoutRoutes } from './resources/payouts.ts'
import { refundRoutes } from './resources/refunds.ts'
import { reviewRoutes } from './resources/reviews.ts'
import { setupIntentRoutes } from './resources/setup-intents.ts'
import { subscriptionRoutes } from './resources/subscriptions.ts'
import { webhookRoutes } from './resources/webhook-endpoints.ts'

export const routes: readonly Route[] = [
  ...accountRoutes,
  ...balanceRoutes,
  ...catalogueRoutes,
  ...chargeRoutes,
  ...checkoutRoutes,
  ...customerRoutes,
  ...disputeRoutes,
  ...invoiceRoutes,
  ...paymentIntentRoutes,
  ...paymentMethodRoutes,
  ...payoutRoutes,
  ...refundRoutes,
  ...reviewRoutes,
  ...setupIntentRoutes,
  ...subscriptionRoutes,
  ...webhookRoutes,
]
