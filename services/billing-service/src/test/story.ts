// A tenant with a clock of its own, told as a calendar: what to do on a day, what happened on the way, and
// the statement that an accountant could check.
import { expect } from 'vitest'
import { exponentOf } from '../core/money.ts'
import type { World } from './world.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as callers in JavaScript do
type Body = any

export interface Story {
  readonly tenantId: string
  readonly admin: string
  /** As the tenant's admin; expects success unless a status is given. */
  ask(method: string, path: string, body?: unknown, status?: number): Promise<Body>
  /** As the operator, for the tenant. */
  operate(method: string, path: string, body?: unknown, status?: number): Promise<Body>
  /** Moves time; answers the events as `day type` lines. */
  until(to: string): Promise<readonly string[]>
  /** Every invoice, oldest first: number, day, status, total, lines. */
  statement(): Promise<string>
}

const day = (time: string) => time.slice(0, 16).replace('T', ' ')

/** Opens a test tenant whose clock stands at `start`. */
export async function openStory(
  world: World,
  tenantId: string,
  start: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Story> {
  const admin = world.admin(tenantId)
  const send = async (as: string, method: string, path: string, body: unknown, status?: number) => {
    const answer = await world.call(method, path, {
      as,
      ...(body === undefined ? {} : { body }),
      headers: as === admin ? {} : { 'x-tenant-id': tenantId },
    })
    const seen = `${answer.status} ${JSON.stringify(answer.body)}`
    if (status === undefined) expect(answer.status, seen).toBeLessThan(300)
    else expect(answer.status, seen).toBe(status)
    return answer.body
  }
  const story: Story = {
    tenantId,
    admin,
    ask: (method, path, body, status) => send(admin, method, path, body, status),
    operate: (method, path, body, status) => send(world.operator(), method, path, body, status),
    async until(to) {
      const timeline: Body[] = []
      for (let moves = 1; ; moves += 1) {
        const moved = await story.operate('POST', '/test-clock/advance', { to })
        timeline.push(...moved.timeline)
        if (moved.complete) break
        // Only where a server is merely compatible does a year take longer than one request may.
        expect(process.env.WORLD_STORE === 'mongo' && moves < 10).toBe(true)
      }
      return timeline.map((event: Body) => `${day(event.at)} ${event.type}`)
    },
    async statement() {
      const invoices: Body[] = []
      let cursor: string | null = null
      do {
        const page: Body = await story.ask(
          'GET',
          `/invoices?limit=100${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        )
        invoices.push(...page.data)
        cursor = page.nextCursor
      } while (cursor !== null)
      return invoices.reverse().map(invoiceText).join('\n')
    },
  }
  await story.operate('POST', '/test-clock', { to: start })
  if (Object.keys(settings).length > 0) await story.operate('PATCH', '/settings', settings)
  return story
}

function invoiceText(invoice: Body): string {
  const money = (amount: number) => amount.toFixed(exponentOf(invoice.currency))
  const number = invoice.invoiceNumber?.replace(/^.*-/, '#') ?? 'draft'
  const lines = invoice.lineItems.map(
    (line: Body) =>
      `\n    ${line.kind} ${money(line.amount)}` +
      (line.periodStart === null ? '' : ` [${day(line.periodStart)}, ${day(line.periodEnd)})`),
  )
  return (
    `${number} ${invoice.issuedAt === null ? '' : `${day(invoice.issuedAt)} `}${invoice.status} ` +
    `${money(invoice.total)} ${invoice.currency}${lines.join('')}`
  )
}
