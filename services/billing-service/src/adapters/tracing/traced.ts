// Ports with a span around each call. It says which verb on which collection and for which tenant, and never
// what was written or read. Only a traced product has these; all others have the ports themselves.
import type { Processor } from '../../ports/processor.ts'
import type { Store, SystemTransaction, TenantTransaction } from '../../ports/store.ts'
import { isStream } from '../../ports/streams.ts'

/** Runs a call in a span of its own, as a client of somebody else. */
export type InSpan = <T>(
  name: string,
  facts: Readonly<Record<string, string>>,
  call: () => Promise<T>,
) => Promise<T>

type AnyFunction = (...args: unknown[]) => unknown

/** Streams are read at the reader's pace, and reading a webhook's bytes calls nobody. */
const isPassed = (verb: string): boolean => isStream(verb) || verb === 'readEvent'

/** The same methods, each in a span named and described by the arguments. */
function methods<P extends object>(
  port: P,
  inSpan: InSpan,
  about: (verb: string, args: readonly unknown[]) => [string, Record<string, string>],
): P {
  const wrapped = Object.entries(port).map(([verb, method]) => {
    if (typeof method !== 'function' || isPassed(verb)) return [verb, method]
    const call = method as AnyFunction
    return [
      verb,
      (...args: unknown[]) =>
        inSpan(...about(verb, args), () => call.apply(port, args) as Promise<unknown>),
    ]
  })
  return Object.fromEntries(wrapped) as P
}

/** A store with a span around each transaction and each statement. `system` names the database. */
export function tracedStore(store: Store, system: string, inSpan: InSpan): Store {
  const factsOf = (tenantId: string | null) => ({
    'db.system.name': system,
    ...(tenantId === null ? {} : { 'quittance.tenant_id': tenantId }),
  })
  const verbs = <P extends object>(port: P, tenantId: string | null): P =>
    methods(port, inSpan, (verb, [collection]) => {
      const named = typeof collection === 'string' && verb !== 'takeNumbers'
      const facts = { ...factsOf(tenantId), 'db.operation.name': verb }
      return named
        ? [`${verb} ${collection}`, { ...facts, 'db.collection.name': collection }]
        : [verb, facts]
    })
  const wrapped: Store = {
    of: tenantId => verbs(store.of(tenantId), tenantId),
    transaction: (tenantId, body) =>
      inSpan('transaction', factsOf(tenantId), () =>
        store.transaction(tenantId, (tx: TenantTransaction) => body(verbs(tx, tenantId))),
      ),
    together: (items, work) =>
      inSpan('transactions together', factsOf(null), () =>
        store.together(items, (shared, item) => work(tracedStore(shared, system, inSpan), item)),
      ),
    system: {
      ...verbs(store.system, null),
      transaction: body =>
        inSpan('transaction', factsOf(null), () =>
          store.system.transaction((tx: SystemTransaction) => body(verbs(tx, null))),
        ),
    },
    ping: () => store.ping(),
    close: () => store.close(),
  }
  return wrapped
}

/** A processor with a span around each of its calls. */
export function tracedProcessor(processor: Processor, inSpan: InSpan): Processor {
  const about = (verb: string): [string, Record<string, string>] => [
    `${processor.name} ${verb}`,
    { 'peer.service': processor.name },
  ]
  const { billing } = processor
  return {
    ...methods(processor, inSpan, about),
    ...(billing === undefined ? {} : { billing: methods(billing, inSpan, about) }),
  }
}
