// Reads off the driver's monitor that every command of a tenant's handle names that tenant.
import type { SentCommand } from '../adapters/mongo/connect.ts'
import { collectionOf } from '../adapters/mongo/rows.ts'
import { collectionNames, type Row, shapeOf } from '../ports/shape.ts'

/** The commands that touch rows, and where each says which. */
const touching: Readonly<Record<string, (body: Row) => readonly Row[]>> = {
  find: body => [body.filter as Row],
  aggregate: body => [(body.pipeline as { $match: Row }[])[0]?.$match ?? {}],
  findAndModify: body => [body.query as Row],
  update: body => (body.updates as { q: Row }[]).map(update => update.q),
  delete: body => (body.deletes as { q: Row }[]).map(each => each.q),
  insert: body => body.documents as Row[],
}

/** Commands of the driver, and of a start, that touch no rows by a filter. */
const others: ReadonlySet<string> = new Set(
  (
    'commitTransaction abortTransaction endSessions getMore killCursors ping hello ' +
    'saslStart saslContinue'
  ).split(' '),
)

const ofTenants = new Set(
  collectionNames.filter(name => shapeOf(name).scope === 'tenant').map(collectionOf),
)
const marks = 'quittance.schema'

/** Whose a command says it is: a tenant's name, null for the system, undefined when it does not say. */
function ownerOf({ body }: SentCommand): string | null | undefined {
  const [, scope, tenantId] = /^(system|tenant)(?: (.+))?$/s.exec(String(body.comment)) ?? []
  return scope === 'system' ? null : tenantId
}

/** Whether a command touches tenants' rows for one tenant. */
const isOfTenant = (command: SentCommand): boolean =>
  ofTenants.has(String(command.body[command.name])) && typeof ownerOf(command) === 'string'

/** What is wrong with a command; null when nothing is. */
export function strayOf(command: SentCommand): string | null {
  const { name, body } = command
  const touched = touching[name]
  if (touched === undefined) return others.has(name) ? null : `${name} is not known`
  const collection = String(body[name])
  if (collection === marks) return null
  const owner = ownerOf(command)
  if (owner === undefined) return `${name} of ${collection} does not say whose it is`
  if (!isOfTenant(command)) return null
  const stray = touched(body).find(filter => String(filter.tenantId) !== owner)
  return stray === undefined
    ? null
    : `${name} of ${collection} for ${owner} names ${stray.tenantId}`
}

export interface Tenancy {
  readonly watch: (command: SentCommand) => void
  /** How many commands touched tenants' rows for one tenant. Throws when one did not name it. */
  proved(): number
}

/** Watches a store's commands from now on. */
export function watchTenancy(): Tenancy {
  const strays = new Set<string>()
  let named = 0
  return {
    watch(command) {
      const stray = strayOf(command)
      if (stray !== null) strays.add(stray)
      else if (isOfTenant(command)) named += 1
    },
    proved() {
      if (strays.size === 0) return named
      throw new Error(`Commands that do not name their tenant:\n${[...strays].join('\n')}`)
    },
  }
}
