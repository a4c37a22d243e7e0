// `npm run vectors -- --dir <folder> [--json]`: runs a folder of vectors through the real core. Bundles the
// runner afresh, because nothing but a checkout needs it.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import esbuild from 'esbuild'
import { root } from './build.mjs'

const bundle = join(root, '.cache/vectors/vectors.mjs')
mkdirSync(join(root, '.cache/vectors'), { recursive: true })
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['services/billing-service/src/test/vectors-main.ts'],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
})
await esbuild.stop()
await import(pathToFileURL(bundle).href)
