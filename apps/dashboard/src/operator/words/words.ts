// The lookup of the console's words for its reader.
import { translator, useBilling } from '@quittance/billing-react/billing-react'
import { useMemo } from 'react'
import { consoleWords, type Translate } from './catalogue.ts'

export function useWords(): Translate {
  const { reader } = useBilling()
  return useMemo(() => translator(consoleWords, reader), [reader])
}
