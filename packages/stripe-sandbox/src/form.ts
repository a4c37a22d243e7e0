// Decodes Stripe's form encoding (`a[b][0]=c`) into nested values. It knows no parameter names.

export type FormValue = string | FormValue[] | FormRecord
export type FormRecord = { [name: string]: FormValue }

/** Nesting beyond this is refused by the caller as malformed; Stripe's deepest parameter has 6. */
const depthMax = 12

const forbiddenNames = new Set(['__proto__', 'constructor', 'prototype'])

function pathOf(name: string): string[] {
  const head = name.split('[', 1)[0] ?? ''
  const rest = [...name.slice(head.length).matchAll(/\[([^\]]*)\]/g)].map(found => found[1] ?? '')
  return [head, ...rest]
}

function isRecord(value: FormValue | undefined): value is FormRecord {
  return typeof value === 'object' && !Array.isArray(value)
}

function place(root: FormRecord, path: string[], value: string): void {
  let node = root
  path.forEach((step, depth) => {
    const key = step === '' ? String(Object.keys(node).length) : step
    if (depth === path.length - 1) {
      node[key] = value
      return
    }
    const next = node[key]
    if (isRecord(next)) {
      node = next
      return
    }
    const made: FormRecord = {}
    node[key] = made
    node = made
  })
}

function settle(value: FormValue): FormValue {
  if (!isRecord(value)) return value
  const names = Object.keys(value)
  if (names.length > 0 && names.every(name => /^\d+$/.test(name))) {
    return names
      .sort((left, right) => Number(left) - Number(right))
      .map(name => settle(value[name] ?? ''))
  }
  return Object.fromEntries(names.map(name => [name, settle(value[name] ?? '')]))
}

/**
 * Decodes a query string or form body. `a[]` appends, `a[0]` orders, `a[b]` nests. Pairs with names
 * that would reach an object's prototype, or nest deeper than 12, are dropped.
 */
export function decodeForm(encoded: string): FormRecord {
  const root: FormRecord = {}
  for (const [name, value] of new URLSearchParams(encoded)) {
    const path = pathOf(name)
    if (path.length > depthMax || path.some(step => forbiddenNames.has(step))) continue
    place(root, path, value)
  }
  return Object.fromEntries(Object.entries(root).map(([name, value]) => [name, settle(value)]))
}
