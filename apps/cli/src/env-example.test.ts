import { readFileSync } from 'node:fs'
import { loadConfig } from '@quittance/billing-service/config'
import { expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const example = read('../../../.env.example')
const documented = [...example.matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name!)

it('documents every setting that the configuration reads, each once, and no other', () => {
  const source =
    read('../../../services/billing-service/src/config.ts') +
    read('../../../services/billing-service/src/token-config.ts') +
    read('../../../services/billing-service/src/approval-config.ts') +
    read('../../../services/billing-service/src/capacity-config.ts') +
    read('./gateway-settings.ts') +
    read('./tracing.ts')
  const names = [...source.matchAll(/'([A-Z][A-Z0-9]*_[A-Z0-9_]+|HOST)'/g)].map(([, name]) => name!)
  expect([...documented].sort()).toEqual([...new Set(names)].sort())
})

it('shows the defaults: with every example removed, and with the defaults set, nothing changes', () => {
  const shown = [...example.matchAll(/^# ([A-Z][A-Z0-9_]+)=(\S.*)$/gm)]
  const value = (name: string) => shown.find(each => each[1] === name)?.[2]
  const defaults = ['GATEWAY_PORT', 'BILLING_PORT', 'HOST', 'ISSUER_NAME', 'MAIL_FROM', 'LOG_LEVEL']
  const policy = documented.filter(
    name => /^(BILLING|DATABASE|JOBS)_|^REQUESTS/.test(name) && !/_URL$/.test(name),
  )
  const env = Object.fromEntries([...defaults, ...policy].map(name => [name, value(name)]))
  expect(loadConfig(env)).toEqual(loadConfig({}))
})
