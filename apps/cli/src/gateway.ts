// The gateway by itself, in front of a billing service somewhere else.
import { startGateway } from '@quittance/api-gateway/server'
import { chooseDataDir } from '@quittance/billing-service/adapters/postgres/embedded'
import { loadConfig } from '@quittance/billing-service/config'
import { makeMetrics } from '@quittance/http-kit/metrics'
import { exitCodes, type Run } from './command.ts'
import { makeDemoIssuer } from './demo.ts'
import {
  assertTls,
  gatewayOptions,
  readGatewaySettings,
  sharedLimiter,
} from './gateway-settings.ts'
import { type Stoppable, stopInOrder, watchSignals } from './lifetime.ts'
import { dashboardDir, dataDirByDefault } from './places.ts'
import { secretsIn } from './secrets.ts'
import { signingWith, tokenKeys } from './surroundings.ts'
import { say, warn } from './terminal.ts'
import { tracingOf } from './tracing.ts'

export const runGateway: Run = async ({ env }) => {
  const config = loadConfig(env)
  const settings = readGatewaySettings(env)
  assertTls(config, settings)
  const { dataDir } = chooseDataDir(config.dataDir ?? undefined, dataDirByDefault)
  const sandbox = config.stripe === null
  const ownSecret = sandbox ? secretsIn(dataDir).jwtSecret : null
  const lifetime = watchSignals()
  const parts: Stoppable[] = []
  const traces = await tracingOf(env, 'quittance-gateway', parts)
  const limiter = sharedLimiter(settings, warn)
  const gateway = await startGateway({
    ...gatewayOptions(settings, makeMetrics(), limiter),
    port: config.gatewayPort,
    host: config.host,
    billingUrl: config.billingUrl ?? `http://127.0.0.1:${config.billingPort}`,
    token: tokenKeys(config, ownSecret),
    staticDir: dashboardDir,
    stripeJs: !sandbox,
    ...traces,
    demo: ownSecret === null ? null : makeDemoIssuer(signingWith(config, ownSecret), Date.now),
  })
  say(`The gateway listens at ${gateway.url}`)
  await lifetime.ended
  const part = {
    name: 'The gateway',
    stop: () => gateway.close().finally(() => limiter?.close()),
  }
  return (await stopInOrder([part, ...parts], warn)) ? exitCodes.ok : exitCodes.problem
}
