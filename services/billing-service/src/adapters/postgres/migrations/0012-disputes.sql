-- Disputes of a tenant's payments, and payouts of the account with what of them is whose.

create table disputes (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  customer_id text collate "C" not null,
  transaction_id text collate "C" not null,
  invoice_id text collate "C",
  subscription_id text collate "C",
  processor text collate "C" not null,
  processor_id text collate "C" not null,
  status text collate "C" not null check (status ~ '^[a-z_]+$'),
  reason text collate "C" not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  held_minor bigint not null,
  fee_minor bigint not null,
  lost_minor bigint not null,
  settlement_currency text collate "C" not null check (settlement_currency ~ '^[A-Z]{3}$'),
  evidence_due_at timestamptz,
  evidence_submitted boolean not null,
  closed_at timestamptz,
  recorded_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint disputes_tenant_id_processor_id_key unique (tenant_id, processor_id),
  constraint disputes_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint disputes_transaction_id_fkey
    foreign key (tenant_id, transaction_id) references transactions (tenant_id, id),
  constraint disputes_invoice_id_fkey
    foreign key (tenant_id, invoice_id) references invoices (tenant_id, id),
  constraint disputes_subscription_id_fkey
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index disputes_tenant_id_created_at_id_idx on disputes (tenant_id, created_at, id);
create index disputes_tenant_id_status_created_at_id_idx
  on disputes (tenant_id, status, created_at, id);
create index disputes_tenant_id_transaction_id_created_at_id_idx
  on disputes (tenant_id, transaction_id, created_at, id);
create index disputes_processor_id_idx on disputes (processor_id);
create index disputes_created_at_tenant_id_id_idx on disputes (created_at, tenant_id, id);
call isolate_tenant_table('disputes');

create table payouts (
  id text collate "C" primary key check (id <> ''),
  processor text collate "C" not null,
  status text collate "C" not null
    check (status in ('pending', 'in_transit', 'paid', 'failed', 'canceled')),
  amount_minor bigint not null,
  fee_minor bigint not null,
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  automatic boolean not null,
  reconciliation text collate "C" not null
    check (reconciliation in ('pending', 'matched', 'differs', 'by_hand')),
  shares jsonb not null,
  matched_minor bigint not null,
  item_count bigint not null check (item_count >= 0),
  unmatched jsonb not null,
  failure_code text collate "C",
  arrival_at timestamptz not null,
  created_at timestamptz not null,
  recorded_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1)
);
create index payouts_created_at_id_idx on payouts (created_at, id);
create index payouts_status_created_at_id_idx on payouts (status, created_at, id);
grant select on payouts to quittance_app;
grant select, insert, update, delete on payouts to quittance_system;
