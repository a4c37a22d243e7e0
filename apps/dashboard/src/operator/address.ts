// Filters, order and open drawers stand in the address, so that Back and sharing work.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export type Search = Readonly<Record<string, string>>

const longest = 200

/** What of an address counts: short texts. Anything else in it is dropped. */
export function searchOf(raw: Readonly<Record<string, unknown>>): Search {
  const texts = Object.entries(raw).flatMap(([key, value]) => {
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
    return typeof text === 'string' && text !== '' && text.length <= longest
      ? [[key, text] as const]
      : []
  })
  return Object.fromEntries(texts)
}

export interface Address {
  readonly search: Search
  /** Null takes a part out. */
  readonly change: (parts: Readonly<Record<string, string | null>>) => void
}

/** The parts of the address behind `?`, and how to change some of them. */
export function useAddress(): Address {
  const search = searchOf(useSearch({ strict: false }))
  const navigate = useNavigate()
  const change = useCallback(
    (parts: Readonly<Record<string, string | null>>) => {
      const next = (old: Readonly<Record<string, unknown>>) =>
        Object.fromEntries(
          Object.entries({ ...searchOf(old), ...parts }).filter(
            (entry): entry is [string, string] => entry[1] !== null && entry[1] !== '',
          ),
        )
      void navigate({ to: '.', search: next, replace: true } as Parameters<typeof navigate>[0])
    },
    [navigate],
  )
  return { search, change }
}
