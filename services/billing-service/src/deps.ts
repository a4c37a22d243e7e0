// Everything an action may use besides its input: ports and settings. A plain object, made by main.ts.
import type { ApprovalLimits } from './core/approval.ts'
import type { PartySnapshot } from './core/invoice.ts'
import type { HealthThresholds } from './core/payment-health.ts'
import type { Numbering } from './core/records.ts'
import type { Retention } from './core/retention.ts'
import type { Hash } from './core/seal.ts'
import type { BillingSettings } from './core/tenant.ts'
import type { Clock } from './ports/clock.ts'
import type { HookSender } from './ports/hook-sender.ts'
import type { Ids } from './ports/ids.ts'
import type { Links } from './ports/links.ts'
import type { Mailer } from './ports/mailer.ts'
import type { MoneyMover, Processor, ReceiptRequest } from './ports/processor.ts'
import type { Renderer } from './ports/renderer.ts'
import type { Store } from './ports/store.ts'
import type { TaxProvider } from './ports/tax-provider.ts'

export interface Log {
  info(facts: Record<string, unknown>, message: string): void
  warn(facts: Record<string, unknown>, message: string): void
  error(facts: Record<string, unknown>, message: string): void
}

export interface Deps {
  readonly store: Store
  readonly processor: Processor
  /** Money that comes another way, as operators record it. */
  readonly manual: MoneyMover<ReceiptRequest>
  /** Signed links to pay without signing in. */
  readonly links: Links
  readonly renderer: Renderer
  readonly mailer: Mailer
  /** Delivers events to endpoints of tenants and of the issuer. */
  readonly hooks: HookSender
  readonly clock: Clock
  readonly ids: Ids
  readonly hash: Hash
  readonly taxes: TaxProvider
  readonly log: Log
  /** The deployment's defaults; a tenant may override each. */
  readonly settings: BillingSettings
  /** Where payers reach the dashboard, without a slash at its end. */
  readonly publicUrl: string
  /** Whether mails of test tenants leave as well; else they are only kept. */
  readonly mailsTestTenants: boolean
  /** Who issues every invoice of this deployment. */
  readonly issuer: PartySnapshot
  readonly numbering: Numbering
  /** What the browser needs to collect a method. */
  readonly publishableKey: string | null
  readonly sandbox: boolean
  /** How long is kept what nobody needs for long. */
  readonly retention: Retention
  /** When the rates of failures, refunds and disputes are worth an alarm. */
  readonly monitor: HealthThresholds
  /** Above which amounts a second person must agree to money given away by hand. */
  readonly approvals: ApprovalLimits
}
