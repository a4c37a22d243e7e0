// One operation of the interface as data: the service validates with it, the OpenAPI document and the
// client's types come from it.
import type { Static, TSchema } from 'typebox'
import type { Permission } from './permissions.ts'
import type { ContractRefusalCode } from './refusals.ts'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1/billing`, parameters as `:name`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** Null: no token (the route says how it is protected). */
  readonly permission: Permission | null
  /** Whether it acts on one tenant. */
  readonly tenant: boolean
  readonly query?: TSchema
  readonly body?: TSchema
  /** A read that takes a body: it changes nothing, and no answer of it is kept for a repetition. */
  readonly safe?: boolean
  /** None is kept for an Idempotency-Key: the answer holds a secret, or repeating it changes nothing. */
  readonly unkept?: boolean
  /** Status and schema of the answer; null is an answer without JSON. */
  readonly status: 200 | 201 | 202 | 204
  readonly reply: TSchema | null
  /** Above the limit of one person it answers 202 with an approval that waits. */
  readonly mayWait?: boolean
  /** Media type of an answer that is not JSON. */
  readonly media?: string
  /** Refusals beyond those that every operation can give. */
  readonly refusals: readonly ContractRefusalCode[]
  /** The issuer may name its own bank account here, to be printed on documents. */
  readonly printsAccount?: boolean
  /** False while the operation answers 501. */
  readonly built?: boolean
}

export const route = <const R extends Route>(definition: R): R => definition

type Parameters<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [K in Name]: string } & Parameters<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? { readonly [K in Name]: string }
    : unknown

export type PathParameters<R extends Route> = Parameters<R['path']>
export type QueryOf<R extends Route> = R['query'] extends TSchema ? Static<R['query']> : undefined
export type BodyOf<R extends Route> = R['body'] extends TSchema ? Static<R['body']> : undefined
export type ReplyOf<R extends Route> = R['reply'] extends TSchema ? Static<R['reply']> : undefined
