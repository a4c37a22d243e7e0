// What every act is given by the page it stands on.
export interface ActProps {
  /** Says on the page what was done; the act closes itself. */
  readonly onDone: (told: string) => void
  readonly onClose: () => void
}
