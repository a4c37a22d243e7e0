// Who is signed in. The token lives in this tab (memory, and session storage so that a reload keeps
// it), never in an address and never in lasting storage.
import { useSyncExternalStore } from 'react'

export interface Session {
  readonly token: string
  readonly name: string | null
  /** The tenant of the token; null for operators. */
  readonly tenantId: string | null
  readonly roles: readonly string[]
  /** The tenant an operator has opened. */
  readonly openedTenantId: string | null
}

const storageKey = 'quittance.session'
const listeners = new Set<() => void>()

interface State {
  readonly session: Session | null
  /** Whether the last session ended by itself. */
  readonly expired: boolean
}

function stored(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as Session | null
  } catch {
    return null
  }
}

let state: State = { session: stored(), expired: false }

function change(next: State): void {
  state = next
  if (next.session) sessionStorage.setItem(storageKey, JSON.stringify(next.session))
  else sessionStorage.removeItem(storageKey)
  for (const listener of listeners) listener()
}

export const signIn = (session: Session): void => change({ session, expired: false })
export const signOut = (): void => change({ session: null, expired: false })
export const expireSession = (): void => change({ session: null, expired: true })

/** Opens a tenant for an operator; null goes back to the choice. */
export function openTenant(tenantId: string | null): void {
  if (state.session) change({ ...state, session: { ...state.session, openedTenantId: tenantId } })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useSession = (): State => useSyncExternalStore(subscribe, () => state)
