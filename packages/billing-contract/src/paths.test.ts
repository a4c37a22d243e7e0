import { expect, it } from 'vitest'
import { basePath, callShape, paths } from './paths.ts'
import type { Route } from './route.ts'
import { routes, basePath as routesBasePath } from './routes.ts'

it('says of each operation with a token what its route says, and nothing else', () => {
  const fromRoutes = Object.fromEntries(
    (Object.entries(routes) as [string, Route][])
      .filter(([, route]) => route.permission !== null)
      .map(([name, route]) => [
        name,
        {
          method: route.method,
          path: route.path,
          input: route.body ? 'body' : route.query ? 'query' : null,
          ...(route.media === undefined ? {} : { media: route.media }),
        },
      ]),
  )
  const shapes = Object.entries(paths).map(([name, text]) => [name, callShape(text)])
  expect(Object.fromEntries(shapes)).toEqual(fromRoutes)
  expect(basePath).toBe(routesBasePath)
})

it('never has both a query and a body, so that one argument can carry the input', () => {
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    expect(route.query !== undefined && route.body !== undefined, name).toBe(false)
  }
})
