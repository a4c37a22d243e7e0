// The service by itself, with or without its jobs, and the jobs by themselves.
import { loadConfig } from '@quittance/billing-service/config'
import { type ServiceOptions, startService } from '@quittance/billing-service/main'
import { makeMetrics } from '@quittance/http-kit/metrics'
import { exitCodes, type Invocation, type Run, UsageProblem } from './command.ts'
import { assertTls, readGatewaySettings } from './gateway-settings.ts'
import { type Stoppable, stopInOrder, watchSignals } from './lifetime.ts'
import { openSurroundings } from './surroundings.ts'
import { say, warn } from './terminal.ts'
import { tracingOf } from './tracing.ts'

async function serveUntilSignal(env: Invocation['env'], jobs: ServiceOptions['jobs']) {
  const config = loadConfig(env)
  const settings = readGatewaySettings(env)
  if (jobs !== 'only') assertTls(config, settings)
  const metrics = { metrics: makeMetrics(), token: settings.metricsToken }
  const lifetime = watchSignals()
  const parts: Stoppable[] = []
  try {
    const traces = await tracingOf(env, 'quittance-service', parts)
    const surroundings = await openSurroundings(config, { beside: true })
    parts.unshift(...surroundings.parts)
    const service = await startService({
      ...surroundings.service,
      config,
      jobs,
      metrics,
      trustProxy: settings.trustProxy,
      ...traces,
    })
    parts.unshift({ name: 'The billing service', stop: () => service.close() })
    say(service.url === null ? 'The worker runs.' : `The billing service listens at ${service.url}`)
    await lifetime.ended
  } catch (error) {
    await stopInOrder(parts, warn)
    throw error
  }
  return (await stopInOrder(parts, warn)) ? exitCodes.ok : exitCodes.problem
}

export const runServe: Run = async ({ text, env }) => {
  const jobs = text('jobs') ?? 'on'
  if (jobs !== 'on' && jobs !== 'off') {
    throw new UsageProblem(`--jobs takes on or off, not "${jobs}".`)
  }
  return await serveUntilSignal(env, jobs)
}

export const runWorker: Run = async ({ env }) => await serveUntilSignal(env, 'only')
