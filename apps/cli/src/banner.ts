// What `start` says when everything is ready: where to go, who to be, what is embedded.
import type { DemoUser } from '@quittance/api-gateway/demo'
import { bold, dim } from './terminal.ts'

export interface BannerFacts {
  readonly version: string
  readonly seconds: number
  readonly gatewayUrl: string
  readonly billingUrl: string
  /** People to sign in as; empty outside the sandbox. */
  readonly people: readonly DemoUser[]
  /** What runs in this process tree instead of being somebody's server. */
  readonly embedded: readonly string[]
  readonly dataDir: string
  readonly notices: readonly string[]
}

const row = (left: string, right: string, width: number): string =>
  `  ${dim(left.padEnd(width))}${right}`

/** Columns a text takes: Chinese characters take two. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, each) => sum + (/[\u2e80-\uffef]/.test(each) ? 2 : 1), 0)

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(1, width - widthOf(text)))

function signIns(people: readonly DemoUser[]): string[] {
  if (people.length === 0) return []
  const width = Math.max(...people.map(({ id }) => widthOf(id))) + 2
  const named = people.map(({ id, description }) => `${bold(padded(id, width))}${description}`)
  return named.map((line, index) => row(index === 0 ? 'Sign in as' : '', line, 12))
}

/** The lines of the banner, at most some twenty. */
export function bannerOf(facts: BannerFacts): string {
  const demo = facts.people.length > 0
  const lines = [
    '',
    `${bold('Quittance')} ${facts.version} is ready ${dim(`(${facts.seconds.toFixed(1)} s)`)}`,
    '',
    row('Open', bold(facts.gatewayUrl), 12),
    row(
      'API',
      `${facts.gatewayUrl}/api/v1/billing/docs  ${dim(`service: ${facts.billingUrl}`)}`,
      12,
    ),
    ...signIns(facts.people),
    ...(demo ? [row('Try', 'npm run walk   (in a second terminal)', 12)] : []),
    '',
    ...(facts.embedded.length > 0
      ? [`  Embedded: ${facts.embedded.join('; ')}. Data: ${facts.dataDir}`]
      : []),
    ...facts.notices.map(notice => `  ${notice}`),
    demo
      ? `  清讫已就绪：请在浏览器打开 ${facts.gatewayUrl}，选择一个演示身份登录，无需注册任何账户。`
      : `  清讫已就绪：请在浏览器打开 ${facts.gatewayUrl}。`,
    dim('  Ctrl-C stops everything.'),
    '',
  ]
  return `${lines.join('\n')}\n`
}
