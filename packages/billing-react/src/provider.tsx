// The provider of the billing pages: client, language, theme, zone, roles. It draws nothing but the
// root element on which the tokens stand.
import { type BillingClient, createBillingClient } from '@quittance/billing-client/client'
import { QueryClient, useQuery } from '@tanstack/react-query'
import { type CSSProperties, type ReactNode, useEffect, useMemo, useState } from 'react'
import {
  type Billing,
  BillingContext,
  type BillingEnvironment,
  type BillingLinks,
} from './billing-context.ts'
import { claimsInToken, type Permission, type Role, rolesMay } from './claims.ts'
import type { Language } from './formats.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/forms.css'
import './styles/pages.css'
import './styles/tables.css'
import './styles/usage.css'
import './styles/settings.css'
import { sayFor, translateFor } from './words/words.ts'

export type BillingTheme = 'light' | 'dark' | 'system'
export type BillingTokens = Readonly<Record<`--qt-${string}`, string>>

interface ProviderOptions {
  readonly language?: Language
  readonly theme?: BillingTheme
  /** CSS variables (`--qt-primary` ...) that replace those of the theme. */
  readonly tokens?: BillingTokens
  /** For operators: the tenant to act for. Others leave it out; their token names the tenant. */
  readonly tenantId?: string
  /** IANA zone of all dates; default: the zone in the tenant's settings, else UTC. */
  readonly zone?: string
  /** What the pages offer; default: the roles in the token, else those of an admin. */
  readonly roles?: readonly Role[]
  readonly environment?: BillingEnvironment
  readonly links?: BillingLinks
  readonly navigate?: (href: string) => void
  /** Now in epoch milliseconds, for tenants whose clock is moved; default: the real clock. */
  readonly now?: number
  readonly children: ReactNode
}

/** Either a client of the host's own, or where to reach the API and with which token. */
export type BillingProviderProps = ProviderOptions &
  (
    | { readonly client: BillingClient; readonly baseUrl?: never; readonly token?: never }
    | { readonly client?: never; readonly baseUrl: string; readonly token: string }
  )

/** Answers stay fresh for a short while; every write re-reads them anyway. */
const freshMs = 15_000
const minuteMs = 60_000

function useNow(fixed: number | undefined): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minuteMs)
    return () => clearInterval(timer)
  }, [])
  return fixed ?? now
}

function useClient(props: BillingProviderProps, language: Language): BillingClient {
  const { client, baseUrl, token, tenantId } = props
  return useMemo(() => {
    if (client) return client
    const tenant = tenantId ? { tenantId } : {}
    return createBillingClient({ baseUrl, token, language, ...tenant })
  }, [client, baseUrl, token, tenantId, language])
}

function useRoles({ roles, token }: BillingProviderProps): readonly Role[] {
  return useMemo(() => {
    if (roles) return roles
    const inToken = token ? claimsInToken(token).roles : []
    return inToken.length > 0 ? inToken : ['admin']
  }, [roles, token])
}

/** The tenant's zone, read from its settings where the caller may. */
function useZone(
  billing: Pick<Billing, 'client' | 'queryClient' | 'scope' | 'may'>,
  given: string | undefined,
): string {
  const settings = useQuery(
    {
      queryKey: [...billing.scope, 'settings'],
      queryFn: ({ signal }) => billing.client.getSettings({ signal }),
      enabled: given === undefined && billing.may('settings.read'),
    },
    billing.queryClient,
  )
  return given ?? settings.data?.zone ?? 'UTC'
}

const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      // The client has already tried again where that makes sense.
      queries: { retry: false, staleTime: freshMs },
      mutations: { retry: false },
    },
  })

const noLinks: BillingLinks = {}

/**
 * Gives the billing components their surroundings. Its query cache is its own and does not meet the
 * host's. Colours follow CSS variables (`--qt-…`) that the host gives here or sets on `.qt-root`.
 */
export function BillingProvider(props: BillingProviderProps): ReactNode {
  const { language = 'en', theme = 'system', links = noLinks, navigate, environment } = props
  const [queryClient] = useState(makeQueryClient)
  const client = useClient(props, language)
  const roles = useRoles(props)
  const at = useNow(props.now)
  const base = useMemo(
    () => ({
      client,
      queryClient,
      scope: ['quittance', props.tenantId ?? '', language],
      roles,
      may: (permission: Permission) => rolesMay(roles, permission),
    }),
    [client, queryClient, props.tenantId, language, roles],
  )
  const zone = useZone(base, props.zone)
  const billing = useMemo<Billing>(() => {
    const reader = { language, zone, at }
    return {
      ...base,
      reader,
      t: translateFor(reader),
      say: sentence => sayFor(sentence, reader),
      links,
      navigate: navigate ?? null,
      environment: environment ?? null,
    }
  }, [base, language, zone, at, links, navigate, environment])
  return (
    <BillingContext value={billing}>
      <div
        className="qt-root"
        data-theme={theme}
        lang={language}
        style={props.tokens as CSSProperties | undefined}
      >
        {props.children}
      </div>
    </BillingContext>
  )
}
