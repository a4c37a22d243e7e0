// Security headers of the dashboard's pages, and the page that stands in while there is no build.

export interface PageOptions {
  /** Whether card fields come from Stripe: its script, frames and API are then allowed. */
  readonly stripeJs: boolean
}

/** Stripe's list of hosts for Stripe.js (docs.stripe.com/security/guide, content security policy). */
const stripeHosts = {
  script: ' https://js.stripe.com https://*.js.stripe.com',
  connect: ' https://api.stripe.com',
  frame: ' https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com',
  image: ' https://*.stripe.com',
} as const

/**
 * The content security policy. No inline scripts; inline styles are allowed, because component
 * libraries write style elements at run time and styles cannot run code.
 */
function contentSecurityPolicy(options: PageOptions): string {
  const stripe = (kind: keyof typeof stripeHosts) => (options.stripeJs ? stripeHosts[kind] : '')
  return [
    "default-src 'none'",
    `script-src 'self'${stripe('script')}`,
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob:${stripe('image')}`,
    "font-src 'self'",
    `connect-src 'self'${stripe('connect')}`,
    // Documents that the page itself has fetched are shown in a frame.
    `frame-src 'self' blob:${stripe('frame')}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Headers of every page and file of the dashboard. */
export function pageHeaders(options: PageOptions): Readonly<Record<string, string>> {
  const permissions = options.stripeJs ? 'payment=(self "https://js.stripe.com")' : 'payment=(self)'
  return {
    'content-security-policy': contentSecurityPolicy(options),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin-allow-popups',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': `camera=(), microphone=(), geolocation=(), ${permissions}`,
  }
}

/** What a person sees who opens the gateway before the dashboard was built. */
export const noBuildPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Quittance</title>
<style>
body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
code { background: #eee; padding: .1em .3em; border-radius: .2em }
</style>
<h1>Quittance is running</h1>
<p>The API answers below <code>/api/v1/billing/</code>; its description is at
<a href="/api/v1/billing/openapi.json">openapi.json</a>.</p>
<p>The dashboard has not been built yet. Run <code>npm run build</code> and start again.</p>
<p lang="zh-CN">API 位于 <code>/api/v1/billing/</code>。管理界面尚未构建，请运行
<code>npm run build</code> 后重新启动。</p>
</html>
`
