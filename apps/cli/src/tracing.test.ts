import { expect, it } from 'vitest'
import type { Stoppable } from './lifetime.ts'
import { tracingOf } from './tracing.ts'

it('without a collector nothing is traced, and nothing has to be stopped', async () => {
  const parts: Stoppable[] = []
  expect(await tracingOf({}, 'quittance', parts)).toEqual({})
  expect(await tracingOf({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, 'quittance', parts)).toEqual({})
  expect(parts).toEqual([])
})

it('refuses an address that is none', async () => {
  for (const wrong of ['collector:4318', 'grpc://collector:4317', 'yes']) {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: wrong }
    await expect(tracingOf(env, 'quittance', [])).rejects.toThrow(`"${wrong}", but must be`)
  }
})
