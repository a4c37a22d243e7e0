// Serves the built dashboard: files, the single page for every address a browser opens, and caching.
// Not the API's paths, and no data.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { noBuildPage, type PageOptions, pageHeaders } from './pages.ts'

/** Answers a request that no route took; false when it is not for the dashboard. */
export type DashboardFallback = (request: FastifyRequest, reply: FastifyReply) => boolean

/** The builder puts a hash of the content into these names, so they never change. */
const hashedAsset = /[/\\]assets[/\\][^/\\]+-[\w-]{8,}\.\w+$/

/** Signed links, and where a payer comes back to without one: a page of their own, which no index may keep. */
const payLink = /^\/[pf](?:[/?]|$)/

const reservedPrefix = /^\/(?:api|demo|healthz|readyz)(?:[/?]|$)/

function cachingOf(path: string): string {
  if (hashedAsset.test(path)) return 'public, max-age=31536000, immutable'
  return path.endsWith('.html') ? 'no-cache' : 'public, max-age=3600'
}

/** Whether a person's browser opens an address, rather than a script asking for a file or for data. */
function opensPage(request: FastifyRequest): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const wantsHtml = (request.headers.accept ?? '').includes('text/html')
  return isRead && wantsHtml && !reservedPrefix.test(request.url)
}

/** Where the build is, or null when there is none. */
function buildIn(folder: string | null): string | null {
  return folder !== null && existsSync(join(folder, 'index.html')) ? folder : null
}

/**
 * Prepares the dashboard's files. `install` registers them; `fallback` answers every other address a
 * browser opens with the page itself, or with a plain page while there is no build.
 */
export function makeDashboard(folder: string | null, options: PageOptions) {
  const root = buildIn(folder)
  const headers = pageHeaders(options)

  const fallback: DashboardFallback = (request, reply) => {
    if (!opensPage(request)) return false
    if (root === null) {
      reply.headers({ ...headers, 'cache-control': 'no-store' })
      reply.type('text/html; charset=utf-8').send(noBuildPage)
    } else if (payLink.test(request.url)) {
      reply.header('x-robots-tag', 'noindex, nofollow').sendFile('pay.html')
    } else {
      reply.sendFile('index.html')
    }
    return true
  }

  function install(app: FastifyInstance): void {
    if (root === null) return
    void app.register(fastifyStatic, {
      root,
      cacheControl: false,
      dotfiles: 'ignore',
      setHeaders: (reply, path) => {
        reply.headers({ ...headers, 'cache-control': cachingOf(path) })
      },
    })
  }

  return { install, fallback }
}
