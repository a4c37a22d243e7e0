// What the reader's screen and system say.
import { useSyncExternalStore } from 'react'

/** Whether a media query holds, now and as it changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    change => {
      const list = window.matchMedia(query)
      list.addEventListener('change', change)
      return () => list.removeEventListener('change', change)
    },
    () => window.matchMedia(query).matches,
  )
}

/** Screens on which rows become cards. */
export const useIsNarrow = (): boolean => useMedia('(max-width: 767px)')
