// The Helm chart beside the product it starts: one version, only settings and commands that there are. What the
// chart renders is for helm itself to check (helm lint, helm template).
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { commands } from './commands.ts'

const chart = new URL('../../../deploy/helm/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, chart), 'utf8')
const templates = readdirSync(new URL('templates/', chart)).map(name => read(`templates/${name}`))
const values = read('values.yaml')
const documented = new Set(
  [...read('../../.env.example').matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name!),
)

it('has the version of the product, for itself and for the image', () => {
  const told = Object.fromEntries(
    [...read('Chart.yaml').matchAll(/^(\w+): "?([^"\n]*)"?$/gm)].map(([, key, value]) => [
      key,
      value,
    ]),
  )
  expect([told.version, told.appVersion]).toEqual([manifest.version, manifest.version])
})

it('sets and names settings that stand in .env.example, and no other', () => {
  const set = templates.flatMap(text => [
    ...[...text.matchAll(/- \{ name: ([A-Z][A-Z0-9_]+),/g)].map(([, name]) => name!),
    ...[...text.matchAll(/"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/g)].map(([, name]) => name!),
  ])
  const named = [...values.matchAll(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g)].map(
    ([, name]) => name!,
  )
  expect([...new Set(set)].sort()).toEqual([
    'BILLING_PORT',
    'BILLING_URL',
    'DATA_DIR',
    'GATEWAY_PORT',
    'HOST',
    'TRUST_PROXY',
  ])
  expect([...set, ...named].filter(name => !documented.has(name))).toEqual([])
})

it('starts commands that there are', () => {
  const started = templates.flatMap(text => [
    ...[...text.matchAll(/"args" \(list "([\w-]+)"/g)].map(([, name]) => name!),
    ...[...text.matchAll(/^ *args: \["([\w-]+)"\]/gm)].map(([, name]) => name!),
  ])
  expect(started.sort()).toEqual(['gateway', 'migrate', 'serve', 'worker'])
  for (const name of started) expect(commands.map(each => each.name)).toContain(name)
})

it('reads only values that values.yaml explains', () => {
  const read = templates.flatMap(text =>
    [...text.matchAll(/\.Values\.(\w+)(?:\.(\w+))?/g)].map(([, top, below]) => [top!, below]),
  )
  const tops = new Set([...values.matchAll(/^(\w+):/gm)].map(([, name]) => name!))
  const belows = new Set([...values.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name!))
  expect(read.filter(([top]) => !tops.has(top!))).toEqual([])
  expect(read.filter(([, below]) => below !== undefined && !belows.has(below))).toEqual([])
  const used = new Set(read.map(([top]) => top))
  expect([...tops].filter(name => !used.has(name))).toEqual([])
})

it('runs nothing as root, writes to no image, and waits 40 s for what is in hand', () => {
  const pods = templates.filter(text => text.includes('containers:'))
  expect(pods).toHaveLength(2)
  for (const text of pods) {
    for (const said of [
      'runAsNonRoot: true',
      'readOnlyRootFilesystem: true',
      'allowPrivilegeEscalation: false',
      'capabilities: { drop: [ALL] }',
      'automountServiceAccountToken: false',
    ]) {
      expect(text).toContain(said)
    }
  }
  expect(pods.join('')).toContain('terminationGracePeriodSeconds: 40')
})
