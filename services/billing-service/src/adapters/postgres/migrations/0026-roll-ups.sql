-- What reports read: daily sums of the ledger and of transactions, kept by every transaction that changes them,
-- and the log of monthly recurring revenue. The sums of what is there already are taken here; what
-- subscriptions are worth is found by "quittance rebuild-rollups", and by their next change.

create table ledger_totals (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  day text collate "C" not null check (day ~ '^\d{4}-\d\d-\d\d$'),
  account text collate "C" not null,
  kind text collate "C" not null,
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  debit_minor bigint not null,
  credit_minor bigint not null,
  entries bigint not null,
  primary key (tenant_id, day, account, kind, currency)
) with (fillfactor = 70);
create index ledger_totals_day_tenant_id_idx on ledger_totals (day, tenant_id);

create table transaction_totals (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  day text collate "C" not null check (day ~ '^\d{4}-\d\d-\d\d$'),
  type text collate "C" not null
    check (type in ('payment', 'refund', 'adjustment', 'fee', 'payment_fee')),
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null,
  transactions bigint not null,
  primary key (tenant_id, day, type, currency)
) with (fillfactor = 70);
create index transaction_totals_day_tenant_id_idx on transaction_totals (day, tenant_id);

create table recurring_revenues (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  customer_id text collate "C" not null,
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  mrr_minor bigint not null check (mrr_minor >= 0),
  by_subscription jsonb not null,
  started_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint recurring_revenues_tenant_id_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);

create table mrr_movements (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  customer_id text collate "C" not null,
  subscription_id text collate "C" not null,
  kind text collate "C" not null
    check (kind in ('new_business', 'expansion', 'contraction', 'churn', 'reactivation')),
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  change_minor bigint not null check (change_minor <> 0),
  mrr_minor bigint not null check (mrr_minor >= 0),
  customer_before_minor bigint not null check (customer_before_minor >= 0),
  customer_after_minor bigint not null check (customer_after_minor >= 0),
  plan_code text collate "C" not null,
  billing_cycle text collate "C" not null,
  quantity bigint not null,
  occurred_at timestamptz not null,
  primary key (tenant_id, id),
  check (customer_after_minor = customer_before_minor + change_minor),
  constraint mrr_movements_tenant_id_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint mrr_movements_tenant_id_subscription_id_fkey
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index mrr_movements_tenant_id_occurred_at_id_idx
  on mrr_movements (tenant_id, occurred_at, id);
create index mrr_movements_tenant_id_customer_id_occurred_at_id_idx
  on mrr_movements (tenant_id, customer_id, occurred_at, id);
create index mrr_movements_tenant_id_subscription_id_occurred_at_id_idx
  on mrr_movements (tenant_id, subscription_id, occurred_at, id);
create index mrr_movements_occurred_at_tenant_id_id_idx
  on mrr_movements (occurred_at, tenant_id, id);

-- The owner does not see through row-level security either, except while it is not forced.
alter table ledger_entries no force row level security;
alter table transactions no force row level security;
insert into ledger_totals
  select tenant_id, to_char(booked_at at time zone 'UTC', 'YYYY-MM-DD'), account, kind, currency,
    sum(greatest(amount_minor, 0)), sum(greatest(-amount_minor, 0)), count(*)
  from ledger_entries group by 1, 2, 3, 4, 5;
insert into transaction_totals
  select tenant_id, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD'), type, currency,
    sum(amount_minor), count(*)
  from transactions where status = 'succeeded' group by 1, 2, 3, 4;
insert into transaction_totals
  select tenant_id, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD'), 'payment_fee',
    coalesce(settlement_currency, currency), sum(fee_minor), count(*)
  from transactions
  where status = 'succeeded' and type = 'payment' and fee_minor is not null group by 1, 2, 3, 4;
alter table ledger_entries force row level security;
alter table transactions force row level security;

call isolate_tenant_table('ledger_totals');
call isolate_tenant_table('transaction_totals');
call isolate_tenant_table('recurring_revenues');
call isolate_tenant_table('mrr_movements', append_only => true);
