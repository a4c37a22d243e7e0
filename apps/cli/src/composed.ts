// The service's parts without its life: for commands that do one thing and end.
import { loadConfig } from '@quittance/billing-service/config'
import {
  type RunningService,
  type ServiceOptions,
  startService,
} from '@quittance/billing-service/main'
import type { Invocation } from './command.ts'
import { type Stoppable, stopInOrder } from './lifetime.ts'
import { openSurroundings } from './surroundings.ts'
import { warn } from './terminal.ts'

/** Does one piece of work with everything open, beside a running product or without one. */
export async function withService<T>(
  env: Invocation['env'],
  work: (service: RunningService) => Promise<T>,
  options: Pick<ServiceOptions, 'readOnly'> = {},
): Promise<T> {
  // A port of its own on the loopback address: nobody knows it, and nothing is asked there.
  const own = { BILLING_PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: env.LOG_LEVEL || 'warn' }
  const config = loadConfig({ ...env, ...own })
  const parts: Stoppable[] = []
  try {
    const surroundings = await openSurroundings(config, { beside: true })
    parts.unshift(...surroundings.parts)
    const service = await startService({
      ...surroundings.service,
      config,
      jobs: 'off',
      command: true,
      ...options,
    })
    parts.unshift({ name: 'The billing service', stop: () => service.close() })
    return await work(service)
  } finally {
    await stopInOrder(parts, warn)
  }
}
