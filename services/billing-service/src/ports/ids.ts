// Makes ids: prefixed, sortable by time of making, unguessable.
import type { Id, IdKind } from '../core/ids.ts'

export interface Ids {
  next<K extends IdKind>(kind: K): Id<K>
}
