// What an operation sees of its tenant, and how it chooses from it.
import type { Caller } from '../../../core/caller.ts'
import type { Invoice } from '../../../core/invoice.ts'
import { isLive, type Subscription } from '../../../core/subscription.ts'
import type { Deps } from '../../../deps.ts'
import type { Random } from '../random.ts'
import type { TenantState } from '../tenant-state.ts'
import type { SimulatedWorld } from '../world.ts'

export interface Act {
  /** In words, for the diary. */
  readonly says: string
  run(deps: Deps, caller: Caller): Promise<unknown>
}

export interface Scene extends TenantState {
  readonly world: SimulatedWorld
  readonly random: Random
}

/** Looks at a tenant and draws an act; null when there is nothing to do it with. */
export type Operation = (scene: Scene) => Act | null

export const act = (says: string, run: Act['run']): Act => ({ says, run })

/** One of the rows; null when there is none. */
export const one = <T>(scene: Scene, rows: readonly T[]): T | null =>
  rows.length === 0 ? null : scene.random.pick(rows)

/** A live subscription; null when there is none. */
export const live = (scene: Scene): Subscription | null =>
  one(scene, scene.subscriptions.filter(isLive))

/** One with such a status; null when there is none. */
export const withStatus = (
  scene: Scene,
  ...statuses: Subscription['status'][]
): Subscription | null =>
  one(
    scene,
    scene.subscriptions.filter(each => statuses.includes(each.status)),
  )

/** An invoice that fits; null when there is none. */
export const invoiceThat = (scene: Scene, fits: (invoice: Invoice) => boolean): Invoice | null =>
  one(scene, scene.invoices.filter(fits))

/** From a hundredth to all of an amount, at least one unit. */
export const partOf = (random: Random, wholeMinor: number): number =>
  Math.max(1, Math.floor((wholeMinor * random.whole(1, 100)) / 100))
