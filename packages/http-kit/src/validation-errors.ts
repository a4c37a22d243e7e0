// Turns the findings of a JSON Schema validator into field errors a person can act on, in both
// languages. Not a validator, and not tied to one: ajv and TypeBox report the same shape.

import type { FieldError } from './refusal.ts'

/** One finding, in the form that ajv and TypeBox share. */
export interface SchemaFinding {
  readonly keyword: string
  readonly instancePath: string
  readonly schemaPath?: string | undefined
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string | undefined
}

type Sentence = readonly [en: string, zh: string]

const errorsMax = 50

const typeNames: Readonly<Record<string, Sentence>> = {
  string: ['a text', '文本'],
  number: ['a number', '数字'],
  integer: ['a whole number', '整数'],
  boolean: ['true or false', 'true 或 false'],
  array: ['a list', '列表'],
  object: ['an object', '对象'],
  null: ['null', 'null'],
}

const formatNames: Readonly<Record<string, Sentence>> = {
  'date-time': [
    'an ISO 8601 time such as 2026-11-23T08:00:00Z',
    'ISO 8601 时间，例如 2026-11-23T08:00:00Z',
  ],
  date: ['a date such as 2026-11-23', '日期，例如 2026-11-23'],
  email: ['an e-mail address', '电子邮箱地址'],
  uri: ['a full web address', '完整网址'],
}

function wordsFor(names: unknown, index: 0 | 1): string {
  const list = Array.isArray(names) ? names : [names]
  return list
    .map(name => typeNames[String(name)]?.[index] ?? String(name))
    .join(index === 0 ? ' or ' : '或')
}

function oneOf(values: unknown): Sentence {
  const list = Array.isArray(values) ? values : [values]
  const shown = list
    .slice(0, 20)
    .map(value => (typeof value === 'string' ? value : JSON.stringify(value)))
  return [`Must be one of: ${shown.join(', ')}.`, `须为以下之一：${shown.join('、')}。`]
}

const comparisons: Readonly<Record<string, Sentence>> = {
  '>=': ['at least', '不小于'],
  '<=': ['at most', '不大于'],
  '>': ['more than', '大于'],
  '<': ['less than', '小于'],
}

function comparison(params: SchemaFinding['params']): Sentence {
  const [en, zh] = comparisons[String(params.comparison)] ?? ['within', '在范围内：']
  return [`Must be ${en} ${params.limit}.`, `须${zh} ${params.limit}。`]
}

const counted: Readonly<Record<string, (limit: unknown) => Sentence>> = {
  minLength: limit =>
    limit === 1
      ? ['Must not be empty.', '不能为空。']
      : [`Needs at least ${limit} characters.`, `至少 ${limit} 个字符。`],
  maxLength: limit => [`Takes at most ${limit} characters.`, `最多 ${limit} 个字符。`],
  minItems: limit => [`Needs at least ${limit} entries.`, `至少 ${limit} 项。`],
  maxItems: limit => [`Takes at most ${limit} entries.`, `最多 ${limit} 项。`],
  minProperties: limit => [`Needs at least ${limit} fields.`, `至少 ${limit} 个字段。`],
  maxProperties: limit => [`Takes at most ${limit} fields.`, `最多 ${limit} 个字段。`],
}

function sentenceFor(finding: SchemaFinding): Sentence {
  const { keyword, params } = finding
  const count = counted[keyword]
  if (count !== undefined) return count(params.limit)
  switch (keyword) {
    case 'required':
      return ['This field is required.', '此字段必填。']
    case 'type':
      return [`Must be ${wordsFor(params.type, 0)}.`, `须为${wordsFor(params.type, 1)}。`]
    case 'enum':
      return oneOf(params.allowedValues)
    case 'const':
      return oneOf([params.allowedValue])
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return comparison(params)
    case 'multipleOf':
      return [`Must be a multiple of ${params.multipleOf}.`, `须为 ${params.multipleOf} 的倍数。`]
    case 'uniqueItems':
      return ['The entries must differ from each other.', '各项不得重复。']
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return ['This field is not known here.', '此处不支持该字段。']
    case 'pattern':
      return ['Does not have the expected form.', '格式不符合要求。']
    case 'format': {
      const [en, zh] = formatNames[String(params.format)] ?? [
        `a ${params.format}`,
        `${params.format}`,
      ]
      return [`Must be ${en}.`, `须为${zh}。`]
    }
    default:
      return ['Does not have any of the accepted forms.', '不符合任何可接受的形式。']
  }
}

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** Names of fields that a finding is about, beyond the place where it was found. */
function fieldNames(finding: SchemaFinding): readonly string[] {
  const { missingProperty, requiredProperties, additionalProperty, additionalProperties } =
    finding.params
  const named = [missingProperty, requiredProperties, additionalProperty, additionalProperties]
  const found = named.flat().filter(name => typeof name === 'string')
  return found
}

/**
 * A union reports every branch that failed. Where all branches are constants it becomes one "must be
 * one of", otherwise only the union itself is reported: the caller cannot know which branch was meant.
 */
function foldUnions(findings: readonly SchemaFinding[]): SchemaFinding[] {
  const unions = findings.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
  let rest = [...findings]
  for (const union of unions) {
    const isBranch = (each: SchemaFinding) =>
      each !== union &&
      each.instancePath.startsWith(union.instancePath) &&
      (each.schemaPath ?? '').startsWith(`${union.schemaPath}/`)
    const branches = rest.filter(isBranch)
    if (!rest.includes(union)) continue
    const isChoice = branches.length > 0 && branches.every(({ keyword }) => keyword === 'const')
    const allowedValues = branches.map(({ params }) => params.allowedValue)
    const folded = isChoice ? { ...union, keyword: 'enum', params: { allowedValues } } : union
    rest = rest.filter(each => !isBranch(each)).map(each => (each === union ? folded : each))
  }
  return rest
}

/** At most 50 field errors with JSON pointers (RFC 6901), each with a sentence in both languages. */
export function fieldErrorsFrom(findings: readonly SchemaFinding[]): FieldError[] {
  const errors = foldUnions(findings).flatMap(finding => {
    const [message, messageZh] = sentenceFor(finding)
    const names = fieldNames(finding)
    const paths =
      names.length === 0
        ? [finding.instancePath]
        : names.map(name => `${finding.instancePath}/${escapePointer(name)}`)
    return paths.map(path => ({ path, message, messageZh }))
  })
  return errors.slice(0, errorsMax)
}
