// What Prometheus reads, and that the dashboard and the alert rules ask for nothing else.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkLedger } from '../../src/actions/operations/read-numbers.ts'
import { jobs } from '../../src/jobs/registry.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ jobs: 'on' })
})
afterAll(() => world?.close())

const metrics = async (headers: Record<string, string> = {}) => {
  const answer = await fetch(`${world.url}/metrics`, { headers })
  return { status: answer.status, text: await answer.text() }
}

const deploy = (file: string) =>
  readFileSync(new URL(`../../../../deploy/${file}`, import.meta.url), 'utf8')

async function until(holds: (text: string) => boolean): Promise<string> {
  const end = performance.now() + 20_000
  for (;;) {
    const { text } = await metrics()
    if (holds(text)) return text
    if (performance.now() > end) throw new Error(`it never came to be so:\n${text}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

describe('/metrics', () => {
  it('has requests by route, jobs, connections and what the books say of themselves', async () => {
    const as = world.admin('measured')
    await world.call('POST', '/subscriptions', {
      as,
      body: { plan: 'starter', paymentMethodId: 'pm_card_visa', trialDays: 0 },
    })
    await world.call('GET', '/subscriptions/sub_unknown', { as })
    expect((await checkLedger(world.service.deps)).broken).toBe(0)
    const text = await until(seen => seen.includes('quittance_job_runs_total{job="seal"'))
    const route = '/api/v1/billing/subscriptions/:id'
    expect(text).toContain(
      `quittance_http_requests_total{server="service",route="${route}",method="GET",status="4xx"} 1`,
    )
    expect(text).not.toContain('sub_unknown')
    expect(text).toMatch(/quittance_due_not_billed 0\n/)
    expect(text).toMatch(/quittance_ledger_broken 0\n/)
    expect(text).toMatch(/quittance_payment_attempts_day 1\n/)
    // MongoDB's driver keeps its connections to itself.
    if (process.env.WORLD_STORE === 'mongo') return
    expect(text).toMatch(/quittance_database_connections\{pool="app",state="idle"\} \d/)
  })

  it('is not found for whoever comes through a proxy, and needs the token where one is set', async () => {
    expect((await metrics({ 'x-forwarded-for': '203.0.113.9' })).status).toBe(404)
    const { mayReadMetrics } = await import('@quittance/http-kit/metrics')
    const asked = (authorization?: string) =>
      mayReadMetrics(
        { headers: { authorization }, raw: { socket: { remoteAddress: '127.0.0.1' } } } as never,
        'a token',
      )
    expect([asked(), asked('Bearer another'), asked('Bearer a token')]).toEqual([
      false,
      false,
      true,
    ])
  })

  it('the dashboard and the alert rules name only metrics and jobs that exist', async () => {
    const { text } = await metrics()
    const known = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!))
    const files = ['grafana/quittance.json', 'prometheus/alerts.yml']
    const named = files.flatMap(file => deploy(file).match(/quittance_[a-z0-9_]+/g) ?? [])
    expect(named.length).toBeGreaterThan(30)
    const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '')
    expect(named.filter(name => !known.has(name) && !known.has(base(name)))).toEqual([])
    const watched = /job=~"([^"]+)"\}\) > 600/.exec(deploy('prometheus/alerts.yml'))![1]!.split('|')
    expect(watched.filter(name => !jobs.some(job => job.name === name))).toEqual([])
  })
})
