// Pinned versions, checksums, licences, and nothing that has to run on install.
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

it('every package of the lock file is as the check wants it', () => {
  const script = new URL('../../scripts/supply-chain.mjs', import.meta.url)
  const { status, stdout, stderr } = spawnSync(process.execPath, [script.pathname], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(stdout).toContain('MIT')
  expect(status).toBe(0)
})
