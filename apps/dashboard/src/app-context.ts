// What the dashboard's own parts share: its words, the reader's preferences, the demo.
import type { Language } from '@quittance/billing-react/billing-react'
import { createContext, use } from 'react'
import type { DemoUser } from './demo.ts'
import type { Translate } from './words/words.ts'

export interface App {
  readonly t: Translate
  readonly language: Language
  /** Undefined while it is asked, null where there is no demo. */
  readonly demoUsers: readonly DemoUser[] | null | undefined
}

export const AppContext = createContext<App | null>(null)

export function useApp(): App {
  const app = use(AppContext)
  if (!app) throw new Error('The dashboard needs its own context around it.')
  return app
}
