// The pages behind the `type` of a problem: what a code means, with its status and its sentence in
// both languages. Read from the same table that the answers are made of.

import { sendProblem } from '@quittance/http-kit/fastify-kit'
import { problemMessages } from '@quittance/http-kit/problem'
import type { FastifyInstance } from 'fastify'
import { pageHeaders } from './pages.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, sign => entities[sign] ?? '')

function pageOf(code: string): string {
  const entry = problemMessages[code]
  if (entry === undefined) throw new Error(`No page for the problem ${code}.`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${code}</title>
<style>
body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
</style>
<h1>${code}</h1>
<p>HTTP status ${entry.status}. Words in braces are filled in each answer.</p>
<p>${escapeHtml(entry.en)}</p>
<p lang="zh-CN">${escapeHtml(entry['zh-CN'])}</p>
</html>
`
}

/** Adds `GET /problems/:code`; 404 for a code that no answer carries. */
export function addProblemPages(app: FastifyInstance): void {
  const headers = pageHeaders({ stripeJs: false })
  app.get<{ Params: { code: string } }>('/problems/:code', (request, reply) => {
    const { code } = request.params
    if (!Object.hasOwn(problemMessages, code)) {
      const details = { noun: 'problem', nounZh: '错误代码' }
      sendProblem(request, reply, { code: 'not_found', details })
      return
    }
    reply.headers({ ...headers, 'cache-control': 'public, max-age=3600' })
    reply.type('text/html; charset=utf-8').send(pageOf(code))
  })
}
