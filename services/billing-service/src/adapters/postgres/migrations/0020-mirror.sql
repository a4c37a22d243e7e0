-- Subscriptions that Stripe Billing runs, and their invoices, under the names that Stripe gave them.

alter table subscriptions
  add column processor_id text collate "C",
  add column check_at timestamptz,
  add constraint subscriptions_tenant_id_processor_id_key unique (tenant_id, processor_id),
  add constraint subscriptions_mirrored check (
    billed_by = 'stripe' or (processor_id is null and check_at is null)),
  add constraint subscriptions_never_billed_twice check (
    billed_by = 'engine' or next_billing_at is null);
create index subscriptions_processor_id_idx on subscriptions (processor_id);
create index subscriptions_check_at_tenant_id_id_idx
  on subscriptions (check_at, tenant_id, id) where check_at is not null;

alter table invoices
  add column processor_id text collate "C",
  add column processor_url text collate "C",
  add constraint invoices_tenant_id_processor_id_key unique (tenant_id, processor_id),
  add constraint invoices_mirrored_not_collected check (
    processor_id is null
    or (next_attempt_at is null and finalize_at is null and give_up_at is null));
create index invoices_processor_id_idx on invoices (processor_id);
