// One product for the files of this folder whose tests keep to tenants of their own. Started once before them.
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { discard, type Product, startProduct, temporaryFolder } from '../stack/product.ts'

/** What a test needs to know of a product that it did not start. */
export type SharedProduct = Pick<Product, 'url' | 'settings'>

declare module 'vitest' {
  interface ProvidedContext {
    product: SharedProduct
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = temporaryFolder()
  const product = await startProduct({ dataDir: join(folder, 'data') })
  project.provide('product', { url: product.url, settings: product.settings })
  return async () => {
    await product.stop()
    discard(folder, [product])
  }
}
