// That money survives every fault of the sandbox and SIGKILLs of the service, on a small scale.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const command = fileURLToPath(new URL('../../scripts/faults.mjs', import.meta.url))
const run = promisify(execFile)

it('60 payments and 3 kills under every fault: 0 lost, 0 doubled, agreed to the cent', async () => {
  const args = ['--payments', '60', '--kills', '3', '--seed', '7']
  const { stdout } = await run(process.execPath, [command, ...args])
  expect(stdout).toContain('3 by SIGKILL, 3 restarts')
  expect(stdout).toContain('0 lost, 0 doubled: ledger, transactions and sandbox agree to the cent')
})

it('says how to use it, and refuses numbers that are none', async () => {
  expect((await run(process.execPath, [command, '--help'])).stdout).toContain('--payments N')
  await expect(run(process.execPath, [command, '--payments', 'many'])).rejects.toMatchObject({
    code: 1,
  })
})
