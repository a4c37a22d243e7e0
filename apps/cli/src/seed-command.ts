// Seeds the demo tenants of a running sandbox: `npm start` does it by itself.
import type { BillingClient } from '@quittance/billing-client/client'
import type { Run } from './command.ts'
import { demoTenants } from './demo.ts'
import { gatewayUrl, signIn } from './demo-client.ts'
import { type ClientFor, seedDemo } from './seed.ts'
import { say, sayJson } from './terminal.ts'

/** Who signs in for a part of the history: a tenant's own admin, or somebody who acts for it. */
async function everyClient(url: string): Promise<ClientFor> {
  const { english, chinese } = demoTenants
  const clients = new Map<string, BillingClient>()
  const admins = { [english]: 'admin', [chinese]: 'admin-zh' }
  for (const [tenantId, adminId] of Object.entries(admins)) {
    clients.set(`admin ${tenantId}`, (await signIn(url, adminId)).client)
    for (const person of ['operator', 'service']) {
      clients.set(`${person} ${tenantId}`, (await signIn(url, person, tenantId)).client)
    }
  }
  return (person, tenantId) => clients.get(`${person} ${tenantId}`)!
}

export const runSeed: Run = async ({ text, on, env }) => {
  const url = gatewayUrl(text('url'), env.GATEWAY_PORT)
  const count = await seedDemo(await everyClient(url))
  if (on('json')) {
    sayJson({ seeded: count })
    return 0
  }
  say(
    count === 0 ? 'The demo tenants have their history already.' : `Seeded ${count} demo tenants.`,
  )
  return 0
}
