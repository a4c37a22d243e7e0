import {
  readSettings,
  updateCustomer,
  updateSettings,
} from '../../actions/customers/customer-verbs.ts'
import { enter } from '../../actions/enter.ts'
import { readList } from '../../actions/read-list.ts'
import { fromWire, percentToPpm } from '../../core/money.ts'
import { listInput, pageToWire } from '../list-input.ts'
import { serve } from '../serve.ts'
import type { Server } from '../server.ts'
import { customerToWire, settingsToWire } from '../wire/records.ts'

export function customerRoutes(server: Server): void {
  const { deps } = server

  serve(server, 'listCustomers', async ({ caller, query }) => {
    await enter(deps, caller)
    const page = await readList(deps, caller.tenantId, 'customers', {}, listInput(query))
    return pageToWire(page, customerToWire)
  })
  serve(server, 'getCustomer', async ({ caller, params }) =>
    customerToWire(await deps.store.of(caller.tenantId).get('customers', params.id)),
  )
  serve(server, 'updateCustomer', async ({ caller, params, body }) =>
    customerToWire(await updateCustomer(deps, caller, params.id, body)),
  )
  serve(server, 'getSettings', async ({ caller }) =>
    settingsToWire(caller.tenantId, await readSettings(deps, caller)),
  )
  serve(server, 'updateSettings', async ({ caller, body }) => {
    const { taxRate, bankDebitLimit, ...rest } = body
    const currency = body.currency ?? (await readSettings(deps, caller)).currency
    const settings = await updateSettings(deps, caller, {
      ...rest,
      ...(bankDebitLimit !== undefined && {
        bankDebitLimitMinor: fromWire(bankDebitLimit, currency, '/bankDebitLimit'),
      }),
      ...(taxRate === undefined ? {} : { taxRatePpm: percentToPpm(taxRate, '/taxRate') }),
    })
    return settingsToWire(caller.tenantId, settings)
  })
}
