// Stripe's own script, loaded when a form of it is shown and not before. Only what the form uses is described here.
// Card and account numbers stay inside its frames; this page never sees them.

export interface StripeError {
  readonly message?: string
}

export interface SetupResult {
  readonly error?: StripeError
  readonly setupIntent?: {
    readonly status: string
    readonly payment_method: string | { readonly id: string } | null
  }
}

export interface StripeElements {
  create(
    type: 'payment',
    options?: object,
  ): { mount(place: HTMLElement): void; unmount(): void; destroy(): void }
}

export interface Stripe {
  elements(options: object): StripeElements
  confirmSetup(options: object): Promise<SetupResult>
  retrieveSetupIntent(clientSecret: string): Promise<SetupResult>
}

declare global {
  interface Window {
    Stripe?: (publishableKey: string, options?: object) => Stripe
  }
}

const address = 'https://js.stripe.com/v3/'
let loading: Promise<void> | null = null

/** Adds the script once; a load that failed may be tried again. */
function load(): Promise<void> {
  loading ??= new Promise<void>((resolve, reject) => {
    const script = document.createElement('script')
    script.src = address
    script.async = true
    script.onload = () => resolve()
    script.onerror = () => {
      loading = null
      script.remove()
      reject(new Error(`${address} did not load`))
    }
    document.head.append(script)
  })
  return loading
}

/** Stripe's script with a publishable key. */
export async function openStripe(publishableKey: string, locale: string): Promise<Stripe> {
  if (!window.Stripe) await load()
  if (!window.Stripe) throw new Error(`${address} brought nothing`)
  return window.Stripe(publishableKey, { locale: locale === 'zh-CN' ? 'zh' : locale })
}

/** Stripe's appearance from the tokens of the page, as they are where the form stands. */
export function appearanceAt(place: HTMLElement): object {
  const styles = getComputedStyle(place)
  const token = (name: string) => styles.getPropertyValue(`--qt-${name}`).trim()
  return {
    theme: 'flat',
    variables: {
      colorPrimary: token('primary'),
      colorBackground: token('surface'),
      colorText: token('text'),
      colorTextSecondary: token('secondary'),
      colorTextPlaceholder: token('tertiary'),
      colorDanger: token('bad'),
      borderRadius: '6px',
      fontFamily: styles.fontFamily,
    },
    rules: { '.Input': { border: `1px solid ${token('border')}` } },
  }
}

/** The method of a set-up that its payer has finished, or null. */
export function methodOf({ setupIntent }: SetupResult): string | null {
  if (!setupIntent || !['succeeded', 'requires_action'].includes(setupIntent.status)) return null
  const method = setupIntent.payment_method
  return typeof method === 'string' ? method : (method?.id ?? null)
}

const returnedKey = 'setup_intent_client_secret'

/** The set-up with which a bank sent the payer back here, taken out of the address at once. */
export function takeReturnedSetup(): string | null {
  const url = new URL(location.href)
  const secret = url.searchParams.get(returnedKey)
  if (secret === null) return null
  for (const name of [returnedKey, 'setup_intent', 'redirect_status']) url.searchParams.delete(name)
  history.replaceState(history.state, '', url)
  return secret
}
