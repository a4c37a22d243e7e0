// Whether a process is traced, and where to. The SDK is loaded only when it is.
import { openTracing } from '@quittance/http-kit/open-telemetry'
import type { Tracing } from '@quittance/http-kit/tracing'
import { type Invocation, Problem } from './command.ts'
import type { Stoppable } from './lifetime.ts'
import { version } from './version.ts'

const given = (env: Invocation['env'], name: string): string | null => env[name]?.trim() || null

/**
 * Traces under a name of the process when `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; nothing otherwise.
 * What is noted in `parts` first is stopped last: what other parts do at their end is traced as well. Throws
 * `Problem` for an address that is none.
 */
export async function tracingOf(
  env: Invocation['env'],
  process: string,
  parts: Stoppable[],
): Promise<{ readonly tracing?: Tracing }> {
  const endpoint = given(env, 'OTEL_EXPORTER_OTLP_ENDPOINT')
  if (endpoint === null) return {}
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new Problem(
      `OTEL_EXPORTER_OTLP_ENDPOINT is "${endpoint}", but must be the http(s) address of a collector, such as http://127.0.0.1:4318.`,
    )
  }
  const serviceName = given(env, 'OTEL_SERVICE_NAME') ?? process
  const tracing = await openTracing({ endpoint, serviceName, version })
  parts.unshift({ name: 'The traces', stop: () => tracing.close() })
  return { tracing }
}
