// Reads and checks request parameters in Stripe's manner. Every reader names the parameter it
// refuses; none of them knows a resource.

import type Stripe from 'stripe'
import { invalidParameter, missingParameter } from './failures.ts'
import type { FormRecord, FormValue } from './form.ts'

const metadataKeysMax = 50
const metadataNameMax = 40
const metadataValueMax = 500
const textMax = 5000

/** Refuses names outside `known` with `parameter_unknown`; `expand` is always understood. */
export function onlyKnown(params: FormRecord, known: readonly string[], parent?: string): void {
  const unknown = Object.keys(params).filter(name => name !== 'expand' && !known.includes(name))
  if (unknown.length === 0) return
  const names = unknown.map(name => (parent ? `${parent}[${name}]` : name))
  throw invalidParameter(
    `Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`,
    names[0],
    'parameter_unknown',
  )
}

function emptyRefusal(name: string) {
  return invalidParameter(
    `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a ` +
      `parameter; however '${name}' cannot be unset. You should remove '${name}' from your ` +
      'request or supply a non-empty value.',
    name,
    'parameter_invalid_empty',
  )
}

/** The text of a parameter, or undefined when it was not sent. An empty text is refused. */
export function text(params: FormRecord, name: string, shown = name): string | undefined {
  const value = params[name]
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw invalidParameter(`Invalid string: ${shown}`, shown)
  if (value === '') throw emptyRefusal(shown)
  if (value.length > textMax) {
    throw invalidParameter(
      `Invalid string: must be at most ${textMax} characters`,
      shown,
      'parameter_invalid_string_blank',
    )
  }
  return value
}

/** As `text`, for parameters that an empty value unsets: '' reads as null. */
export function unsettableText(params: FormRecord, name: string): string | null | undefined {
  return params[name] === '' ? null : text(params, name)
}

export function requiredText(params: FormRecord, name: string, shown = name): string {
  const value = text(params, name, shown)
  if (value === undefined) throw missingParameter(shown)
  return value
}

export function integer(params: FormRecord, name: string, shown = name): number | undefined {
  const value = text(params, name, shown)
  if (value === undefined) return undefined
  if (!/^-?\d{1,15}$/.test(value)) {
    throw invalidParameter(`Invalid integer: ${value}`, shown, 'parameter_invalid_integer')
  }
  return Number(value)
}

export function requiredInteger(params: FormRecord, name: string, shown = name): number {
  const value = integer(params, name, shown)
  if (value === undefined) throw missingParameter(shown)
  return value
}

export function boolean(params: FormRecord, name: string, shown = name): boolean | undefined {
  const value = text(params, name, shown)
  if (value === undefined) return undefined
  if (value !== 'true' && value !== 'false') {
    throw invalidParameter(`Invalid boolean: ${value}`, shown)
  }
  return value === 'true'
}

/** One of a closed list of words. */
export function choice<T extends string>(
  params: FormRecord,
  name: string,
  allowed: readonly T[],
  shown = name,
): T | undefined {
  const value = text(params, name, shown)
  if (value === undefined) return undefined
  const found = allowed.find(word => word === value)
  if (found === undefined) {
    throw invalidParameter(`Invalid ${shown}: must be one of ${allowed.join(', ')}`, shown)
  }
  return found
}

export function record(params: FormRecord, name: string, shown = name): FormRecord | undefined {
  const value = params[name]
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string' || Array.isArray(value)) {
    throw invalidParameter(`Invalid object: ${shown}`, shown)
  }
  return value
}

export function list(params: FormRecord, name: string, shown = name): FormValue[] | undefined {
  const value = params[name]
  if (value === undefined) return undefined
  if (value === '') return []
  if (!Array.isArray(value)) throw invalidParameter(`Invalid array: ${shown}`, shown)
  return value
}

export function textList(params: FormRecord, name: string): string[] | undefined {
  return list(params, name)?.map((value, index) => {
    if (typeof value === 'string' && value !== '') return value
    throw invalidParameter(`Invalid string: ${name}[${index}]`, `${name}[${index}]`)
  })
}

/** A list of records, for instance line items. */
export function recordList(params: FormRecord, name: string): FormRecord[] | undefined {
  return list(params, name)?.map((value, index) => {
    if (typeof value !== 'string' && !Array.isArray(value)) return value
    throw invalidParameter(`Invalid object: ${name}[${index}]`, `${name}[${index}]`)
  })
}

/**
 * The object's metadata after this request: keys are merged in, an empty value removes a key, an
 * empty `metadata` removes all. Limits: 50 keys, 40 characters a key, 500 a value.
 */
export function mergedMetadata(
  params: FormRecord,
  before: Stripe.Metadata | null = {},
): Stripe.Metadata {
  if (params.metadata === '') return {}
  const merged: Stripe.Metadata = { ...before }
  for (const [name, value] of Object.entries(record(params, 'metadata') ?? {})) {
    if (typeof value !== 'string') {
      throw invalidParameter(`Invalid metadata value for '${name}'`, `metadata[${name}]`)
    }
    if (name.length > metadataNameMax || value.length > metadataValueMax) {
      throw invalidParameter(
        `Metadata keys can have up to ${metadataNameMax} characters and values up to ` +
          `${metadataValueMax}.`,
        `metadata[${name}]`,
      )
    }
    if (value === '') delete merged[name]
    else merged[name] = value
  }
  if (Object.keys(merged).length > metadataKeysMax) {
    throw invalidParameter(`Metadata can have up to ${metadataKeysMax} keys.`, 'metadata')
  }
  return merged
}

/** A postal address as objects carry it; undefined when not sent, null when unset. */
export function address(params: FormRecord, name: string): Stripe.Address | null | undefined {
  if (params[name] === '') return null
  const given = record(params, name)
  if (!given) return undefined
  const part = (key: string) => unsettableText(given, key) ?? null
  return {
    city: part('city'),
    country: part('country'),
    line1: part('line1'),
    line2: part('line2'),
    postal_code: part('postal_code'),
    state: part('state'),
  }
}
