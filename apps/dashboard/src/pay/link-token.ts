// The token of a signed link: read from the address once, kept for this tab, and gone from the address and its
// history, so that neither a look over the shoulder nor a shared screen gives it away.

const storageKey = 'quittance.pay-link'

/** Where the token comes from and stays; the page's own in a browser. */
export interface LinkSurroundings {
  readonly location: Pick<Location, 'pathname'>
  readonly history: Pick<History, 'replaceState'>
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
}

/** A place that a browser may keep closed: then a reload needs the link once more. */
function quietly<T>(use: () => T): T | null {
  try {
    return use()
  } catch {
    return null
  }
}

/**
 * The token in the address (`/p/TOKEN`, `/f/TOKEN`), which is taken out of it; without one the token that this
 * tab opened before, as after a reload or on the way back from a bank. Null when there is neither.
 */
export function takeLinkToken({ location, history, storage }: LinkSurroundings): string | null {
  const [, kind, token] = /^\/([pf])\/([^/]+)\/?$/.exec(location.pathname) ?? []
  if (kind === undefined || token === undefined) {
    return quietly(() => storage.getItem(storageKey))
  }
  const plain = quietly(() => decodeURIComponent(token)) ?? token
  quietly(() => storage.setItem(storageKey, plain))
  history.replaceState(null, '', `/${kind}`)
  return plain
}
