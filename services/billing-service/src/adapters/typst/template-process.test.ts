// Templates that mean no good, and one that does: real compiler, real processes.
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtTemplateChild } from '../../test/built-child.ts'
import type { CompileJob } from './compiler.ts'
import { openTemplateProcess, type TemplateResult } from './template-process.ts'

let entry: URL
beforeAll(async () => {
  entry = await builtTemplateChild()
})
afterAll(() => rmSync(fileURLToPath(entry), { force: true }))

const job = (source: string): CompileJob => ({
  source,
  inputs: { document: JSON.stringify({ title: 'Invoice HARB-0042' }) },
  files: {},
  codeText: null,
  createdAtSeconds: 1_800_000_000,
})
const limits = { timeMs: 5_000, memoryBytes: 512 * 1024 * 1024 }
const compile = (source: string, more: Partial<typeof limits> = {}): Promise<TemplateResult> =>
  openTemplateProcess(entry, { ...limits, ...more })(job(source))
const failureOf = async (source: string, more: Partial<typeof limits> = {}): Promise<string> => {
  const result = await compile(source, more)
  return 'failure' in result ? result.failure : 'it compiled'
}

test('a plain template gives a PDF, the same bytes twice', async () => {
  const source = '#let d = json(bytes(sys.inputs.document))\n= #d.title'
  const [one, two] = await Promise.all([compile(source), compile(source)])
  expect('pdf' in one && Buffer.from(one.pdf).subarray(0, 5).toString()).toBe('%PDF-')
  expect('pdf' in one && 'pdf' in two && Buffer.compare(one.pdf, two.pdf)).toBe(0)
}, 60_000)

test.each([
  '#read("/etc/passwd")',
  '#read("../../../../etc/passwd")',
  '#read("/proc/self/environ")',
  '#image("/etc/hostname")',
])(
  '%s reads nothing',
  async source => {
    expect(await failureOf(source)).toMatch(/not found|failed to load|escape|outside|access/i)
  },
  60_000,
)

test('a package named after the data is never asked for', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  process.env.HTTPS_PROXY = `http://127.0.0.1:${port}`
  try {
    const failure = await failureOf('#import "@preview/tenant-iban:0.1.0"')
    expect(failure).toMatch(/package|network|download/i)
    expect(asked).toEqual([])
  } finally {
    delete process.env.HTTPS_PROXY
    server.close()
  }
}, 60_000)

test('a loop of 1,600,000,000 steps is killed after its time', async () => {
  const source = '#for a in range(40000) { for b in range(40000) { [] } }'
  expect(await failureOf(source, { timeMs: 1_000 })).toMatch(/takes more than 1 s|needs more than/)
}, 60_000)

test('a template that takes memory without end is killed at 512 MB', async () => {
  const source = '#let grow = "x" * 50000000\n#range(400).map(i => grow + str(i)).join()'
  expect(await failureOf(source, { timeMs: 20_000 })).toBe('needs more than 512 MB')
}, 60_000)

test('markup in the data is text: #read in a title is printed', async () => {
  const source = '#let d = json(bytes(sys.inputs.document))\n#d.title'
  const hostile = { ...job(source), inputs: { document: '{"title":"#read(\\"/etc/passwd\\")"}' } }
  expect(await openTemplateProcess(entry, limits)(hostile)).toHaveProperty('pdf')
}, 60_000)
