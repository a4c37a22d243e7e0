// How much the package adds to a page that has React already.
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const scriptBytesMax = 90_000
const styleBytesMax = 12_000

/** The public entry as a host's builder would bundle it. */
async function bundled(): Promise<Readonly<Record<'js' | 'css', Uint8Array>>> {
  const { outputFiles } = await build({
    entryPoints: [`${import.meta.dirname}/billing-react.ts`],
    outdir: 'nowhere',
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    external: ['react', 'react/*', 'react-dom', 'react-dom/*'],
  })
  const ending = (name: string) => outputFiles.find(({ path }) => path.endsWith(name))!.contents
  return { js: ending('.js'), css: ending('.css') }
}

it('is less than 90 KB of compressed scripts beyond React, and 12 KB of styles', async () => {
  const { js, css } = await bundled()
  expect(gzipSync(js).length).toBeLessThan(scriptBytesMax)
  expect(gzipSync(css).length).toBeLessThan(styleBytesMax)
})
