// Sends generated requests to every operation of the contract, as every role, until the time is up. An answer that
// the OpenAPI document does not describe is a finding, shrunk to its smallest request.
import type { Route } from '@quittance/billing-contract/route'
import { basePath, type RouteName, routes } from '@quittance/billing-contract/routes'
import fc from 'fast-check'
import { randomFrom } from '../simulator/random.ts'
import type { World } from '../world.ts'
import { furnishAll, headersOf, tenants } from './ground.ts'
import { type Heard, type Judge, judgeOf } from './judge.ts'
import { makePool, type Pool } from './pool.ts'
import { type FuzzRequest, requestTo } from './request-arbitrary.ts'
import { encoded, makeSender, type Sent } from './transport.ts'

export interface Finding {
  readonly route: RouteName
  readonly says: string
  /** The smallest request that shows it, as a person can repeat it. */
  readonly request: string
}

export interface FuzzResult {
  readonly seed: number
  readonly requests: number
  readonly byStatus: Readonly<Record<string, number>>
  readonly byCaller: Readonly<Record<string, number>>
  /** Operations that answered success at least once. */
  readonly reached: readonly RouteName[]
  readonly routes: number
  readonly findings: readonly Finding[]
}

export interface FuzzOptions {
  readonly seed: number
  readonly ms: number
  readonly only?: RouteName | undefined
  readonly say?: ((line: string) => void) | undefined
}

const requestsPerTurn = 4
const shrinksMax = 60
const findingsMax = 100

/** Deliveries of the processor are raw bytes under a signature; the attack suite sends them. */
const names = (Object.keys(routes) as RouteName[]).filter(name => name !== 'receiveStripeWebhook')

function toSend(world: World, pool: Pool, route: Route, asked: FuzzRequest): Sent {
  const noun = route.path.split('/')[1]!
  const tenantId = tenants[asked.tenant]!
  const params = pool.fill(asked.params, noun) as Record<string, string>
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encoded(params[name]!))
  const query = Object.entries(pool.fill(asked.query, noun) as Record<string, unknown>)
    .map(([name, value]) => `${encoded(name)}=${encoded(String(value))}`)
    .join('&')
  const body =
    asked.raw?.bytes ??
    (asked.body === undefined ? null : Buffer.from(JSON.stringify(pool.fill(asked.body, noun))))
  const key = asked.idempotencyKey
  return {
    method: route.method,
    target: `${basePath}${path}${query === '' ? '' : `?${query}`}`,
    headers: {
      ...headersOf(world, asked.caller, tenantId),
      ...(body === null ? {} : { 'content-type': asked.raw?.type ?? 'application/json' }),
      ...(key === null ? {} : { 'idempotency-key': key }),
      ...asked.headers,
    },
    body,
  }
}

/** Whether the path, once filled, is another operation's: `/transactions/summary/receipt`. */
function isOthers(route: Route, sent: Sent): boolean {
  const path = sent.target.slice(basePath.length).split('?')[0]!.split('/')
  const parts = route.path.split('/')
  return (Object.values(routes) as Route[]).some(other => {
    const theirs = other.path.split('/')
    if (other.path === route.path || theirs.length !== path.length) return false
    const fits = theirs.every((part, at) => part.startsWith(':') || part === path[at])
    return fits && theirs.some((part, at) => !part.startsWith(':') && parts[at]!.startsWith(':'))
  })
}

const shown = (sent: Sent, caller: string): string => {
  const { authorization: _token, ...headers } = sent.headers
  const body = sent.body === null ? '' : ` ${sent.body.toString('utf8').slice(0, 600)}`
  return `${caller}: ${sent.method} ${sent.target.slice(0, 400)} ${JSON.stringify(headers)}${body}`
}

/** Callers of a tenant hear nothing of another one, unless they said its name themselves. */
function judgeTenancy(asked: FuzzRequest, sent: Sent, heard: Heard): string | null {
  if (!['member', 'admin', 'service', 'stranger'].includes(asked.caller)) return null
  const own = asked.caller === 'stranger' ? 'fuzz-stranger' : tenants[asked.tenant]
  const said = `${sent.target} ${sent.body?.toString('utf8') ?? ''}`
  const other = tenants.find(
    each => each !== own && heard.text.includes(each) && !said.includes(each),
  )
  return other === undefined ? null : 'an answer that names another tenant'
}

interface Turn {
  readonly world: World
  readonly pool: Pool
  readonly send: (sent: Sent) => Promise<Heard>
  readonly note: (asked: FuzzRequest, heard: Heard) => void
}

/** A few requests to one operation; a finding is shrunk. */
async function turnOf(turn: Turn, name: RouteName, judge: Judge, seed: number) {
  const route: Route = routes[name]
  const { world, pool, send, note } = turn
  let request = ''
  let says = ''
  const property = fc.asyncProperty(requestTo(route), async asked => {
    const sent = toSend(world, pool, route, asked)
    if (isOthers(route, sent)) return
    const heard = await send(sent).catch((error: Error) => error)
    if (!(heard instanceof Error)) note(asked, heard)
    const wrong =
      heard instanceof Error
        ? `no answer: ${heard.message}`
        : (judge(heard) ?? judgeTenancy(asked, sent, heard))
    if (wrong === null) {
      if ((heard as Heard).type.includes('json')) {
        pool.learn(route.path.split('/')[1]!, JSON.parse((heard as Heard).text || 'null'))
      }
      return
    }
    request = shown(sent, asked.caller)
    says = wrong
    throw new Error(wrong)
  })
  const run = await fc.check(property, {
    seed,
    numRuns: requestsPerTurn,
    interruptAfterTimeLimit: 20_000,
    maxSkipsPerRun: shrinksMax,
    endOnFailure: false,
  })
  return run.failed && says !== '' ? { route: name, says, request } : null
}

/** Fuzzes a world until the time is up or there are 100 findings. */
export async function fuzz(world: World, options: FuzzOptions): Promise<FuzzResult> {
  const pool = makePool()
  await furnishAll(world, pool)
  const sender = makeSender(world.url)
  const random = randomFrom(String(options.seed))
  const byStatus: Record<string, number> = {}
  const byCaller: Record<string, number> = {}
  const reached = new Set<RouteName>()
  const findings = new Map<string, Finding>()
  const chosen = options.only === undefined ? names : [options.only]
  const judges = new Map(chosen.map(name => [name, judgeOf(name)]))
  const endsAt = Date.now() + options.ms
  let requests = 0
  while (Date.now() < endsAt && findings.size < findingsMax) {
    for (const name of chosen) {
      if (Date.now() >= endsAt) break
      const note = (asked: FuzzRequest, heard: Heard) => {
        requests += 1
        byStatus[heard.status] = (byStatus[heard.status] ?? 0) + 1
        byCaller[asked.caller] = (byCaller[asked.caller] ?? 0) + 1
        if (heard.status < 300) reached.add(name)
      }
      const turn = { world, pool, send: sender.send, note }
      const found = await turnOf(turn, name, judges.get(name)!, random.whole(0, 2 ** 31 - 1))
      if (found === null || findings.has(`${name} ${found.says}`)) continue
      findings.set(`${name} ${found.says}`, found)
      options.say?.(`${found.route}: ${found.says}\n    ${found.request}`)
    }
  }
  sender.close()
  return {
    seed: options.seed,
    requests,
    byStatus,
    byCaller,
    reached: [...reached],
    routes: chosen.length,
    findings: [...findings.values()],
  }
}

/** The result in a few lines. */
export function fuzzSummary(result: FuzzResult): string {
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  return [
    `${result.requests} requests to ${result.routes} operations, seed ${result.seed}`,
    `by status: ${counts(result.byStatus)}`,
    `by caller: ${counts(result.byCaller)}`,
    `${result.reached.length} operations answered success at least once`,
    `${result.byStatus['500'] ?? 0} answers of 500, ${result.findings.length} findings`,
  ].join('\n')
}
