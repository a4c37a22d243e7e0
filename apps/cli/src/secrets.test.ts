import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { announce, runningOn } from './running.ts'
import { keptSecrets, secretsIn } from './secrets.ts'

const folders: string[] = []
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'quittance-cli-'))
  folders.push(made)
  return made
}
afterEach(() => {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true })
})

it('makes secrets once, of 64 characters, in a file for its owner alone (0600)', () => {
  const dataDir = join(folder(), 'new/data')
  expect(keptSecrets(dataDir)).toBeNull()
  const secrets = secretsIn(dataDir)
  expect(secrets.jwtSecret).toHaveLength(64)
  expect(secrets.webhookSecret).toMatch(/^whsec_/)
  expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600)
  expect(secretsIn(dataDir)).toEqual(secrets)
  expect(keptSecrets(dataDir)).toEqual(secrets)
})

it('says in one sentence that the folder is a file, or that the secrets are no JSON', () => {
  const file = join(folder(), 'file')
  writeFileSync(file, '')
  expect(() => secretsIn(join(file, 'data'))).toThrow(/cannot be written .*DATA_DIR\.$/)
  const dataDir = folder()
  writeFileSync(join(dataDir, 'secrets.json'), '{')
  expect(() => secretsIn(dataDir)).toThrow(/secrets\.json cannot be read/)
})

it('finds a running product by its data directory until its process is gone', () => {
  const dataDir = folder()
  const product = {
    pid: process.pid,
    gatewayUrl: 'http://127.0.0.1:3000',
    billingUrl: 'http://127.0.0.1:3010',
    ownerUrl: 'postgres://x',
    sandboxUrl: null,
  }
  expect(runningOn(dataDir)).toBeNull()
  const withdraw = announce(dataDir, product)
  expect(runningOn(dataDir)).toEqual(product)
  expect(statSync(join(dataDir, 'running.json')).mode & 0o777).toBe(0o600)
  withdraw()
  expect(runningOn(dataDir)).toBeNull()
  announce(dataDir, { ...product, pid: 2 ** 22 + 1 })
  expect(runningOn(dataDir)).toBeNull()
})
