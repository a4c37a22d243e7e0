-- Lines of changes that are billed with the next invoice, and how invoices are held while collection pauses.
ALTER TABLE subscriptions
  ADD COLUMN pending_lines jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN collection_pause text COLLATE "C"
    CHECK (collection_pause IN ('void', 'keep_as_draft', 'mark_uncollectible'));
ALTER TABLE subscriptions ALTER COLUMN pending_lines DROP DEFAULT;
