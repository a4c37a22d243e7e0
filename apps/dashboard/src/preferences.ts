// Language and theme of the reader, kept in this browser.
import { type BillingTheme, type Language, languages } from '@quittance/billing-react/billing-react'
import { useSyncExternalStore } from 'react'

export const themes = ['system', 'light', 'dark'] as const satisfies readonly BillingTheme[]

export interface Preferences {
  readonly language: Language
  readonly theme: BillingTheme
}

const storageKey = 'quittance.preferences'
const listeners = new Set<() => void>()

/** The languages a browser asks for, read as ours: any Chinese is the one we have. */
export const languageFor = (asked: readonly string[]): Language =>
  asked[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'

function stored(): Partial<Preferences> {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Preferences>
  } catch {
    return {}
  }
}

function first(): Preferences {
  const { language, theme } = stored()
  return {
    language: languages.find(each => each === language) ?? languageFor(navigator.languages),
    theme: themes.find(each => each === theme) ?? 'system',
  }
}

let preferences = first()

export function setPreferences(change: Partial<Preferences>): void {
  preferences = { ...preferences, ...change }
  localStorage.setItem(storageKey, JSON.stringify(preferences))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, () => preferences)
