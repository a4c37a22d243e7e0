-- Bank debits that grant before they clear, payments received outside, hosted pages to pay on.

alter table subscriptions add column granted_change jsonb;

alter table transactions
  add column access_granted_at timestamptz,
  add column reference text collate "C",
  add column checkout_id text collate "C",
  add constraint transactions_tenant_id_checkout_id_key unique (tenant_id, checkout_id);
create index transactions_checkout_id_idx on transactions (checkout_id);
