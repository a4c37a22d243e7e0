#!/usr/bin/env node
// The `quittance` command of a checkout: builds what has changed, then runs it in this very process, so
// that signals reach it directly.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { root, stale } from './build.mjs'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Quittance needs Node 20.19 or later; this is ${process.version}.\n`)
  process.exit(1)
}

const bundle = join(root, 'apps/cli/dist/quittance.js')
const servesPages = ['start', 'gateway'].includes(process.argv[2])
const targets = stale(servesPages ? ['server', 'dashboard'] : ['server'])

// An installation without build tools runs what was built before.
const canBuild = existsSync(join(root, 'node_modules/esbuild'))
if (targets.length > 0 && canBuild) {
  const builder = fileURLToPath(new URL('build.mjs', import.meta.url))
  // In a process of its own: the bundlers' memory and environment are gone before anything starts.
  const { status } = spawnSync(process.execPath, [builder, ...targets], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) process.exit(1)
}
if (!existsSync(bundle)) {
  process.stderr.write('Quittance is not installed yet: run npm ci first.\n')
  process.exit(1)
}
await import(pathToFileURL(bundle).href)
