// Holds JSON from the wire to the types that the official SDK ships, read with the TypeScript
// compiler. It knows no route and no rule beyond those types.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import ts from 'typescript'

export interface Shapes {
  /** What is wrong with an object, a list or an event of the API; nothing when it fits its type. */
  problemsOf(value: unknown): string[]
  /** Every event type that the SDK knows. */
  eventTypes(): string[]
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isDecimalText = (value: unknown) => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)

/** Integers everywhere but in rates and places, as the documents of the API say. */
const mayBeFraction = /percent|rate|latitude|longitude|score|height|length|weight|width/

const levelsMax = 40

function openProgram() {
  const entry = createRequire(import.meta.url).resolve('stripe')
  const types = join(dirname(entry), '..', 'esm', 'stripe.esm.node.d.ts')
  const program = ts.createProgram([types], {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    skipLibCheck: true,
    types: ['node'],
    target: ts.ScriptTarget.ES2022,
  })
  const source = program.getSourceFile(types)
  const checker = program.getTypeChecker()
  const exported = source && checker.getSymbolAtLocation(source)
  const root = exported && checker.getExportsOfModule(exported)
  const named = root?.find(symbol => symbol.name === 'Stripe')
  if (!named) throw new Error('the SDK exports no namespace of types')
  return { checker, root: aliased(checker, named) }
}

const aliased = (checker: ts.TypeChecker, symbol: ts.Symbol) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

const literalText = (type: ts.Type | undefined) =>
  type?.isStringLiteral() ? type.value : undefined

function fieldType(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Type | undefined {
  const field = checker.getPropertyOfType(type, name)
  return field && checker.getTypeOfSymbol(field)
}

/** `customer`, or `deleted customer` for what is left of one. */
function nameOfType(checker: ts.TypeChecker, type: ts.Type): string | undefined {
  const object = literalText(fieldType(checker, type, 'object'))
  if (object === undefined) return undefined
  const deleted = fieldType(checker, type, 'deleted')
  const isGone = deleted && checker.typeToString(deleted) === 'true'
  return isGone ? `deleted ${object}` : object
}

const nameOfValue = (value: Fields) =>
  value.deleted === true ? `deleted ${String(value.object)}` : String(value.object)

/** All types of API objects by the value of their field `object`; outer namespaces go first. */
function collectTypes(checker: ts.TypeChecker, root: ts.Symbol): Map<string, ts.Type> {
  const found = new Map<string, ts.Type>()
  const seen = new Set<ts.Symbol>()
  let level = [root]
  while (level.length > 0) {
    const next: ts.Symbol[] = []
    for (const symbol of level.flatMap(space => checker.getExportsOfModule(space))) {
      const target = aliased(checker, symbol)
      if (seen.has(target) || target.name === 'V2') continue
      seen.add(target)
      if (target.flags & ts.SymbolFlags.Namespace) next.push(target)
      if (!(target.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias))) continue
      const type = checker.getDeclaredTypeOfSymbol(target)
      const name = type.isUnion() ? undefined : nameOfType(checker, type)
      if (name !== undefined && !found.has(name)) found.set(name, type)
    }
    level = next
  }
  return found
}

function eventUnion(checker: ts.TypeChecker, root: ts.Symbol): Map<string, ts.Type> {
  const symbol = checker.getExportsOfModule(root).find(one => one.name === 'Event')
  const type = symbol && checker.getDeclaredTypeOfSymbol(aliased(checker, symbol))
  if (!type?.isUnion()) throw new Error('the SDK has no union of events')
  const named = type.types.map(one => [literalText(fieldType(checker, one, 'type')), one] as const)
  return new Map(named.filter((pair): pair is [string, ts.Type] => pair[0] !== undefined))
}

interface Place {
  readonly path: string
  readonly level: number
}

const inside = (place: Place, step: string): Place => ({
  path: `${place.path}${step}`,
  level: place.level + 1,
})

const shown = (value: unknown) => (JSON.stringify(value) ?? 'undefined').slice(0, 60)

interface Types {
  readonly checker: ts.TypeChecker
  readonly objects: ReadonlyMap<string, ts.Type>
  readonly events: ReadonlyMap<string, ts.Type>
}

function fieldsProblems(types: Types, value: Fields, type: ts.Type, place: Place): string[] {
  const known = new Set<string>()
  const problems: string[] = []
  for (const field of types.checker.getPropertiesOfType(type)) {
    const fieldOf = types.checker.getTypeOfSymbol(field)
    if (fieldOf.getCallSignatures().length > 0) continue
    known.add(field.name)
    const given = value[field.name]
    const at = inside(place, `.${field.name}`)
    if (given !== undefined) problems.push(...problemsAt(types, given, fieldOf, at))
    else if (!(field.flags & ts.SymbolFlags.Optional)) problems.push(`${at.path} is missing`)
  }
  const index = type.getStringIndexType()
  for (const [name, given] of Object.entries(value)) {
    if (known.has(name)) continue
    const at = inside(place, `.${name}`)
    if (index) problems.push(...problemsAt(types, given, index, at))
    else problems.push(`${at.path} is no field of ${types.checker.typeToString(type)}`)
  }
  return problems
}

function unionProblems(types: Types, value: unknown, type: ts.UnionType, place: Place): string[] {
  const members = isFields(value) ? candidates(types, value, type.types) : type.types
  // The SDK joins open enums with any text; a server that imitates it keeps to the known ones.
  const texts = members.filter(one => one.isStringLiteral())
  const open = texts.length > 0 && typeof value === 'string'
  const fitting = open ? members.filter(one => !(one.flags & anyText(one))) : members
  const tried = fitting.map(one => problemsAt(types, value, one, place))
  if (tried.some(problems => problems.length === 0)) return []
  const deepest = tried.filter(problems => !problems[0]?.startsWith(`${place.path} is `))
  const closest = deepest.sort((one, other) => one.length - other.length)[0]
  return closest ?? [`${place.path} is ${shown(value)}, not ${types.checker.typeToString(type)}`]
}

const anyText = (type: ts.Type) =>
  type.isIntersection() ? ts.TypeFlags.Intersection : ts.TypeFlags.String

function candidates(types: Types, value: Fields, members: ts.Type[]): ts.Type[] {
  if (value.object === undefined) return members
  const named = members.filter(one => nameOfType(types.checker, one) === nameOfValue(value))
  return named.length > 0 ? named : members
}

function plainProblems(types: Types, value: unknown, type: ts.Type, place: Place): string[] {
  const { flags } = type
  const wrong = [`${place.path} is ${shown(value)}, not ${types.checker.typeToString(type)}`]
  const isOpenText = type.isIntersection() && type.types.some(one => one.flags & textFlag)
  if (isOpenText || flags & textFlag) return typeof value === 'string' ? [] : wrong
  if (type.isLiteral()) return value === type.value ? [] : wrong
  if (flags & ts.TypeFlags.BooleanLiteral) {
    const meant = types.checker.typeToString(type) === 'true'
    return value === meant ? [] : wrong
  }
  if (flags & ts.TypeFlags.Number) return isCount(value, place) ? [] : wrong
  if (flags & ts.TypeFlags.Boolean) return typeof value === 'boolean' ? [] : wrong
  if (flags & ts.TypeFlags.Null) return value === null ? [] : wrong
  return flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Never) ? wrong : []
}

const textFlag = ts.TypeFlags.String
const isCount = (value: unknown, place: Place) =>
  typeof value === 'number' && (Number.isInteger(value) || mayBeFraction.test(place.path))

function problemsAt(types: Types, value: unknown, type: ts.Type, place: Place): string[] {
  if (place.level > levelsMax || type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return []
  if (type.getSymbol()?.name === 'Decimal') {
    return isDecimalText(value) ? [] : [`${place.path} is ${shown(value)}, not a decimal text`]
  }
  if (type.isUnion()) return unionProblems(types, value, type, place)
  if (types.checker.isArrayType(type)) return arrayProblems(types, value, type, place)
  const isObject = type.flags & (ts.TypeFlags.Object | ts.TypeFlags.NonPrimitive)
  if (!isObject) return plainProblems(types, value, type, place)
  if (isFields(value)) return fieldsProblems(types, value, type, place)
  return [`${place.path} is ${shown(value)}, not ${types.checker.typeToString(type)}`]
}

function arrayProblems(types: Types, value: unknown, type: ts.Type, place: Place): string[] {
  if (!Array.isArray(value)) return [`${place.path} is ${shown(value)}, not a list`]
  const [item] = types.checker.getTypeArguments(type as ts.TypeReference)
  if (!item) return []
  return value.flatMap((one, index) => problemsAt(types, one, item, inside(place, `[${index}]`)))
}

function problemsOf(types: Types, value: unknown, path = '$'): string[] {
  if (!isFields(value)) return [`${path} is ${shown(value)}, not an object`]
  if (value.object === 'list' || value.object === 'search_result')
    return listProblems(types, value, path)
  const name = nameOfValue(value)
  const type = name === 'event' ? types.events.get(String(value.type)) : types.objects.get(name)
  const place = { path, level: 0 }
  return type ? problemsAt(types, value, type, place) : [`${path} is an unknown ${shown(name)}`]
}

function listProblems(types: Types, value: Fields, path: string): string[] {
  const { data, has_more: hasMore, url } = value
  if (!Array.isArray(data)) return [`${path}.data is ${shown(data)}, not a list`]
  return [
    ...(typeof hasMore === 'boolean' ? [] : [`${path}.has_more is ${shown(hasMore)}`]),
    ...(typeof url === 'string' ? [] : [`${path}.url is ${shown(url)}`]),
    ...data.flatMap((one, index) => problemsOf(types, one, `${path}.data[${index}]`)),
  ]
}

/** Opens the SDK's types. Takes some seconds; one program serves a whole run. */
export function openShapes(): Shapes {
  const { checker, root } = openProgram()
  const types = {
    checker,
    objects: collectTypes(checker, root),
    events: eventUnion(checker, root),
  }
  return {
    problemsOf: value => problemsOf(types, value),
    eventTypes: () => [...types.events.keys()].sort(),
  }
}
