// Saving files that need the token: fetched by the client, handed to the browser, never a token in
// an address.
import { type UseMutationResult, useMutation } from '@tanstack/react-query'
import { useBilling } from '../billing-context.ts'

/** Gives bytes to the browser as a file with a name. */
export function saveFile(bytes: BlobPart, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser reads the file after this turn, so the address must outlive it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/**
 * A download as an action with its progress and error. It changes nothing, so nothing is read
 * again.
 */
export function useDownload<Input>(
  download: (input: Input) => Promise<void>,
  onDone?: (input: Input) => void,
): UseMutationResult<void, Error, Input> {
  const { queryClient } = useBilling()
  return useMutation(
    { mutationFn: download, onSuccess: (_, input) => onDone?.(input) },
    queryClient,
  )
}
