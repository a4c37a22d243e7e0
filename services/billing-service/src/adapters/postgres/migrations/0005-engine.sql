-- Billing over time: what falls due and when, each renewal billed once, dunning, pauses, test clocks, and
-- notices that are given once. Work of test tenants is never due for the jobs of the live ones.

alter table subscriptions
  add column clock text collate "C" not null default 'live' check (clock in ('live', 'test')),
  add column grace_ends_at timestamptz,
  add column pause_at_period_end boolean not null default false;
drop index subscriptions_next_billing_at_tenant_id_id_idx;
create index subscriptions_clock_next_billing_at_tenant_id_id_idx
  on subscriptions (clock, next_billing_at, tenant_id, id) where next_billing_at is not null;
create index subscriptions_clock_status_current_period_end_tenant_id_id_idx
  on subscriptions (clock, status, current_period_end, tenant_id, id);

alter table invoices
  add column clock text collate "C" not null default 'live' check (clock in ('live', 'test')),
  add column renewal_key text collate "C",
  add column arrears jsonb,
  add column finalize_at timestamptz,
  add column first_failed_at timestamptz,
  add column give_up_at timestamptz,
  add constraint invoices_tenant_id_renewal_key_key unique (tenant_id, renewal_key),
  add constraint invoices_finalize_drafts check (finalize_at is null or status = 'draft');
drop index invoices_next_attempt_at_tenant_id_id_idx;
create index invoices_clock_next_attempt_at_tenant_id_id_idx
  on invoices (clock, next_attempt_at, tenant_id, id) where next_attempt_at is not null;
create index invoices_clock_finalize_at_tenant_id_id_idx
  on invoices (clock, finalize_at, tenant_id, id) where finalize_at is not null;
create index invoices_clock_give_up_at_tenant_id_id_idx
  on invoices (clock, give_up_at, tenant_id, id) where give_up_at is not null;
create index invoices_clock_status_due_at_tenant_id_id_idx
  on invoices (clock, status, due_at, tenant_id, id);

-- Whether the payer was absent: networks count tries of that kind, and only they belong to dunning.
alter table transactions add column off_session boolean not null default false;
create index transactions_tenant_id_fingerprint_created_at_id_idx
  on transactions (tenant_id, fingerprint, created_at, id);

create index payment_methods_status_created_at_tenant_id_id_idx
  on payment_methods (status, created_at, tenant_id, id);

-- What was said once and is not said again: its id names what, whom and for which period.
create table notices (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null check (id <> ''),
  object_id text collate "C" not null,
  created_at timestamptz not null,
  primary key (tenant_id, id)
);
call isolate_tenant_table('notices', append_only => true);
