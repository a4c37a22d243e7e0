import { lastAlerts, readPaymentHealth } from '../../actions/reports/payment-health.ts'
import { refuse } from '../../core/refusal.ts'
import { listInput } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { paymentHealthToWire } from '../wire/payment-health.ts'

const dayMs = 86_400_000
const spanMaxMs = 366 * dayMs

export function paymentHealthRoutes(server: Server): void {
  const { deps } = server
  serve(server, 'getPaymentHealth', async ({ query }) => {
    const given = listInput(query)
    const to = given.to ?? deps.clock.real()
    const from = given.from ?? to - 7 * dayMs
    if (to <= from || to - from > spanMaxMs) {
      refuse('invalid_request', {}, [{ path: '/to', message: 'must be up to 366 days after from' }])
    }
    const [health, told] = await Promise.all([readPaymentHealth(deps, from, to), lastAlerts(deps)])
    return paymentHealthToWire(health, told, { from, to })
  })
}
