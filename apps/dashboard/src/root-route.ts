// The root of all addresses, apart from them, so that each group of pages can name it.
import { createRootRoute } from '@tanstack/react-router'
import { PageFailed, PageMissing, Root } from './root.tsx'

export const rootRoute = createRootRoute({
  component: Root,
  notFoundComponent: PageMissing,
  errorComponent: PageFailed,
})
