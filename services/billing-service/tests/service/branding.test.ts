// How documents look, over HTTP: versions, numbers, logos, templates that work, break and mean no good.
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PDFiumLibrary } from '@hyzyla/pdfium'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { builtTemplateChild } from '../../src/test/built-child.ts'
import { openWorld, type World } from '../../src/test/world.ts'

let world: World
let child: URL
beforeAll(async () => {
  child = await builtTemplateChild()
  world = await openWorld({
    jobs: 'off',
    templateChild: child,
    environment: { ISSUER_NAME: 'Harbour', PUBLIC_URL: 'https://billing.harbour.example' },
  })
})
afterAll(async () => {
  await world?.close()
  rmSync(fileURLToPath(child), { force: true })
})

const operate = (method: string, path: string, body?: unknown, tenantId?: string) =>
  world.call(method, path, {
    as: world.operator(),
    ...(body === undefined ? {} : { body }),
    ...(tenantId === undefined ? {} : { headers: { 'x-tenant-id': tenantId } }),
  })

async function invoiced(tenantId: string) {
  const lineItems = [{ description: 'Training', quantity: 1, unitAmount: 100 }]
  const { status, body } = await operate('POST', '/invoices', { lineItems }, tenantId)
  expect(status).toBe(201)
  return body as { id: string; invoiceNumber: string }
}

async function textOf(path: string, tenantId: string): Promise<string> {
  const answer = await fetch(`${world.url}/api/v1/billing${path}`, {
    headers: { authorization: `Bearer ${world.operator()}`, 'x-tenant-id': tenantId },
  })
  expect(answer.status).toBe(200)
  const library = await PDFiumLibrary.init()
  const document = await library.loadDocument(new Uint8Array(await answer.arrayBuffer()))
  const pages = [...document.pages()].map(page => page.getText())
  document.destroy()
  library.destroy()
  return pages.join('\n')
}

const svg = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 1"><script>1</script><path d="M0 0h3v1z"/></svg>',
).toString('base64')

const template = [
  '#let d = json(bytes(sys.inputs.document))',
  '#set document(title: d.title)',
  '= OUR OWN #d.heading #d.facts.first().value',
  '#if d.rows.len() > 2 { panic("too many rows for this layout") }',
].join('\n')

it('an invoice keeps the version it was issued under; the next one has the next', async () => {
  const plain = await invoiced('keeps')
  expect(plain.invoiceNumber).toMatch(/^\w{6}-0001$/)
  const first = await operate('PUT', '/branding', {
    logo: svg,
    accent: '#1F5FA8',
    footer: 'Registered in Dublin',
    terms: 'Payable without deduction.',
    numberLead: 'INV-',
    numberDigits: 6,
  })
  expect(first.status, JSON.stringify(first.body)).toBe(200)
  expect(first.body).toMatchObject({ scope: '*', revision: 1, logo: { format: 'svg' } })
  expect(Buffer.from(first.body.logo.base64, 'base64').toString()).not.toContain('script')
  const branded = await invoiced('keeps')
  expect(branded.invoiceNumber).toMatch(/^INV-\w{6}-000002$/)
  const own = await operate('PUT', '/branding', { terms: 'Payable in 30 days.' }, 'keeps')
  expect(own.body).toMatchObject({ scope: 'keeps', revision: 1 })
  const third = await invoiced('keeps')
  const texts = await Promise.all(
    [plain, branded, third].map(({ id }) => textOf(`/invoices/${id}/pdf`, 'keeps')),
  )
  expect(texts[0]).not.toContain('Payable')
  expect(texts[0]).toContain('Pay online')
  expect(texts[0]).toContain(`https://billing.harbour.example/invoices/${plain.id}`)
  expect(texts[1]).toContain('Payable without deduction.')
  expect(texts[1]).toContain('Registered in Dublin')
  expect(texts[2]).toContain('Payable in 30 days.')
  expect(texts[2]).not.toContain('Registered')
  await operate('PUT', '/branding', { inherit: true }, 'keeps')
  expect((await invoiced('keeps')).invoiceNumber).toMatch(/^INV-/)
  const versions = await operate('GET', '/branding/versions', undefined, 'keeps')
  expect(versions.body.data.map((each: { revision: number }) => each.revision)).toEqual([2, 1])
  expect((await operate('GET', '/branding')).body.accent).toBe('#1F5FA8')
})

it('an own template lays out the same words; one that breaks gives way, with one event', async () => {
  const stored = await operate('PUT', '/branding', { template }, 'own-layout')
  expect(stored.status, JSON.stringify(stored.body)).toBe(200)
  const good = await invoiced('own-layout')
  const text = await textOf(`/invoices/${good.id}/pdf`, 'own-layout')
  expect(text).toContain(`OUR OWN Invoice ${good.invoiceNumber}`)
  const lineItems = [1, 2, 3].map(n => ({ description: `Day ${n}`, quantity: 1, unitAmount: 10 }))
  const { body: bad } = await operate('POST', '/invoices', { lineItems }, 'own-layout')
  for (let n = 0; n < 2; n += 1) {
    const fallen = await textOf(`/invoices/${bad.id}/pdf`, 'own-layout')
    expect(fallen).toContain('Day 3')
    expect(fallen).not.toContain('OUR OWN')
  }
  const events = await operate(
    'GET',
    '/events?type=branding.template_failed',
    undefined,
    'own-layout',
  )
  expect(events.body.data).toHaveLength(1)
  expect(events.body.data[0].data.reason).toContain('too many rows')
}, 60_000)

it.each([
  [{ accent: '#FFE000' }, '/accent'],
  [{ logo: Buffer.from('GIF89a').toString('base64') }, '/logo'],
  [{ template: '#import "@preview/cetz:0.1.0": *' }, '/template'],
  [{ template: '#let x = ' }, '/template'],
  [{ template: '#read("/etc/passwd")' }, '/template'],
  [{ numberLead: 'a b' }, '/numberLead'],
])('%o is refused at %s', async (body, path) => {
  const { status, body: problem } = await operate('PUT', '/branding', body)
  expect(status).toBe(400)
  expect(problem.errors[0].path).toBe(path)
})

it('a preview is a PDF and stores nothing; a tenant’s admin may not look', async () => {
  const before = (await operate('GET', '/branding')).body.revision
  const preview = await operate('POST', '/branding/preview', { footer: 'x', lang: 'zh-CN' })
  expect(preview.headers.get('content-type')).toBe('application/pdf')
  expect(preview.body.slice(0, 5)).toBe('%PDF-')
  expect((await operate('GET', '/branding')).body.revision).toBe(before)
  const admin = await world.call('GET', '/branding', { as: world.admin('keeps') })
  expect(admin.status).toBe(403)
})
