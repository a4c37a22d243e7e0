// The typed SDK: one method per operation of the contract, for browsers and Node. Only the contract's
// types and bare paths come along, none of its schemas.
import {
  basePath,
  type CallShape,
  type ClientRouteName,
  callShape,
  paths,
} from '@quittance/billing-contract/paths'
import type { BodyOf, QueryOf, ReplyOf, Route } from '@quittance/billing-contract/route'
import type { Routes } from '@quittance/billing-contract/routes'
import { BillingError } from './error.ts'
import { type OutgoingRequest, type SendOptions, send } from './send.ts'

export interface BillingClientOptions {
  /** Gateway or service, e.g. `https://billing.example.com`; `''` is the page's own origin. */
  readonly baseUrl: string
  /** A bearer token, or where to get one; asked before every try. */
  readonly token: string | (() => string | Promise<string>)
  /** For operators and the platform's back end: the tenant to act for (`X-Tenant-Id`). */
  readonly tenantId?: string
  /** Of messages and documents; default English. */
  readonly language?: 'en' | 'zh-CN'
  readonly fetch?: typeof globalThis.fetch
  /** Further tries after a first that reached nobody or met a busy server; default 2. */
  readonly retries?: number
  /** Of one try; default 30,000. */
  readonly timeoutMs?: number
}

/** What one call may say differently; the last argument of every method. */
export interface CallOptions {
  /** Of a write; made afresh when it is left out. Repeat it to repeat a call safely later. */
  readonly idempotencyKey?: string
  readonly tenantId?: string
  /** Why, for the audit log (`X-Reason`); the `reason` of a body counts where this is left out. */
  readonly reason?: string
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

type ParameterNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? [Name, ...ParameterNames<`/${Rest}`>]
  : P extends `${string}:${infer Name}`
    ? [Name]
    : []

type PathArguments<N extends readonly string[]> = { [K in keyof N]: string }

type InputArguments<I> = [I] extends [undefined]
  ? []
  : Record<never, never> extends I
    ? [input?: I]
    : [input: I]

type InputOf<R extends Route> = [BodyOf<R>] extends [undefined] ? QueryOf<R> : BodyOf<R>

type AnswerOf<R extends Route> = R extends { readonly media: infer M }
  ? M extends 'application/pdf'
    ? Uint8Array
    : Response
  : ReplyOf<R> extends undefined
    ? undefined
    : ReplyOf<R>

type Method<R extends Route> = (
  ...args: [
    ...ids: PathArguments<ParameterNames<R['path']>>,
    ...input: InputArguments<InputOf<R>>,
    options?: CallOptions,
  ]
) => Promise<AnswerOf<R>>

/**
 * One method per operation: path parameters first, then the query of a read or the body of a write,
 * then `CallOptions`. A PDF arrives as bytes, an export as the `Response` to stream from, everything
 * else as the contract's object. All of them throw `BillingError`.
 */
export type BillingClient = { readonly [N in ClientRouteName]: Method<Routes[N]> }

/** Random enough to be unique, without `crypto.randomUUID`, which plain-http pages do not have. */
function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Header values are bytes: ids beyond ASCII travel as UTF-8, which fetch takes only in this form. */
function headerText(value: string): string {
  return [...new TextEncoder().encode(value)].map(byte => String.fromCharCode(byte)).join('')
}

function withParameters(path: string, values: readonly unknown[]): string {
  let index = 0
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = values[index]
    index += 1
    // An empty segment would address the list instead of the object.
    if (typeof value !== 'string' || value === '') throw new TypeError(`${name} must be a text.`)
    return encodeURIComponent(value)
  })
}

function queryString(query: object): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) search.append(name, String(value))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

interface Call {
  readonly ids: readonly unknown[]
  readonly input: object | undefined
  readonly options: CallOptions
}

function readArguments(shape: CallShape, args: readonly unknown[]): Call {
  const count = shape.path.match(/:\w+/g)?.length ?? 0
  const rest = args.slice(count) as (object | undefined)[]
  const input = shape.input === null ? undefined : rest.shift()
  return { ids: args.slice(0, count), input, options: rest[0] ?? {} }
}

function requestOf(client: BillingClientOptions, shape: CallShape, call: Call): OutgoingRequest {
  const { ids, input, options } = call
  const isWrite = shape.method !== 'GET'
  const tenantId = options.tenantId ?? client.tenantId
  const fixed: Record<string, string> = {
    accept: `${shape.media ?? 'application/json'}, application/problem+json`,
    ...(client.language === undefined ? {} : { 'accept-language': client.language }),
    ...(tenantId === undefined ? {} : { 'x-tenant-id': headerText(tenantId) }),
    ...(options.reason ? { 'x-reason': encodeURIComponent(options.reason) } : {}),
    ...(isWrite ? { 'idempotency-key': options.idempotencyKey ?? newIdempotencyKey() } : {}),
    ...(shape.input === 'body' ? { 'content-type': 'application/json' } : {}),
  }
  const query = shape.input === 'query' ? queryString(input ?? {}) : ''
  const path = basePath + withParameters(shape.path, ids) + query
  return {
    method: shape.method,
    url: client.baseUrl.replace(/\/+$/, '') + path,
    headers: async () => {
      const token = typeof client.token === 'string' ? client.token : await client.token()
      return { ...fixed, authorization: `Bearer ${token}` }
    },
    ...(shape.input === 'body' ? { body: JSON.stringify(input ?? {}) } : {}),
  }
}

async function readJson(answer: Response): Promise<unknown> {
  const text = await answer.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    const detail = 'The answer is not JSON. Does the address lead to the billing service?'
    throw new BillingError(answer.status, { code: 'unexpected_answer', detail }, { cause })
  }
}

async function readAnswer(shape: CallShape, answer: Response): Promise<unknown> {
  if (shape.media === 'application/pdf') return new Uint8Array(await answer.arrayBuffer())
  if (shape.media !== undefined) return answer
  return answer.status === 204 ? undefined : readJson(answer)
}

const streams = (shape: CallShape) => shape.media !== undefined && shape.media !== 'application/pdf'

/**
 * A client for one server and one identity. Every write carries an idempotency key that its retries
 * repeat, so that a lost answer never charges twice.
 */
export function createBillingClient(options: BillingClientOptions): BillingClient {
  const invoke = (shape: CallShape, args: readonly unknown[]): Promise<unknown> => {
    const call = readArguments(shape, args)
    const sendOptions: SendOptions = {
      // Bound, because a browser's fetch insists on its own `this`.
      fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
      retries: options.retries ?? 2,
      timeoutMs: call.options.timeoutMs ?? options.timeoutMs ?? 30_000,
      signal: call.options.signal,
    }
    const request = requestOf(options, shape, call)
    return send(request, sendOptions, answer => readAnswer(shape, answer), streams(shape))
  }
  const methods = Object.entries(paths).map(([name, text]) => [
    name,
    async (...args: unknown[]) => invoke(callShape(text), args),
  ])
  return Object.fromEntries(methods) as BillingClient
}

/** A page of a list. */
export interface Page<T> {
  readonly data: readonly T[]
  readonly hasMore: boolean
  readonly nextCursor: string | null
}

/**
 * Every item of a list, page after page: `for await (const invoice of paginate(client.listInvoices,
 * { status: 'open' }))`. `limit` is the size of a page, not of the whole.
 */
export async function* paginate<Query extends { cursor?: string | undefined }, Item>(
  list: (query?: Query) => Promise<Page<Item>>,
  query?: NoInfer<Query>,
): AsyncGenerator<Item, void, undefined> {
  let cursor = query?.cursor
  for (;;) {
    const page = await list({ ...query, cursor } as Query)
    yield* page.data
    if (!page.hasMore || page.nextCursor === null) return
    cursor = page.nextCursor
  }
}
