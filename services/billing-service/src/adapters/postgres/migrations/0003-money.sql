-- Money: invoices and their numbers, movements, the ledger. Amounts are minor units of the row's currency.

create table invoices (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  invoice_number text collate "C",
  customer_id text collate "C" not null,
  subscription_id text collate "C",
  status text collate "C" not null check (status in ('draft', 'open', 'paid', 'void', 'uncollectible')),
  billing_reason text collate "C" not null check (billing_reason in (
    'subscription_create', 'subscription_cycle', 'subscription_update', 'subscription_cancel',
    'manual')),
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  lines jsonb not null,
  subtotal_minor bigint not null,
  discount_minor bigint not null,
  tax_minor bigint not null,
  tax_lines jsonb not null,
  total_minor bigint not null,
  amount_paid_minor bigint not null check (amount_paid_minor >= 0),
  amount_credited_minor bigint not null check (amount_credited_minor >= 0),
  amount_forgiven_minor bigint not null check (amount_forgiven_minor >= 0),
  amount_refunded_minor bigint not null check (amount_refunded_minor >= 0),
  collection text collate "C" not null check (collection in ('automatic', 'manual')),
  payment_method_id text collate "C",
  attempt_count bigint not null check (attempt_count >= 0),
  next_attempt_at timestamptz,
  period_start timestamptz,
  period_end timestamptz,
  buyer jsonb,
  issuer jsonb,
  due_at timestamptz,
  issued_at timestamptz,
  paid_at timestamptz,
  closed_at timestamptz,
  plan_code text collate "C",
  country text collate "C",
  metadata jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint invoices_tenant_id_invoice_number_key unique (tenant_id, invoice_number),
  constraint invoices_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint invoices_subscription_id_fkey
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id),
  constraint invoices_payment_method_id_fkey
    foreign key (tenant_id, payment_method_id) references payment_methods (tenant_id, id),
  constraint invoices_total check (total_minor = subtotal_minor - discount_minor + tax_minor),
  constraint invoices_issued check (
    status = 'draft' or (invoice_number is not null and total_minor >= 0)),
  constraint invoices_not_overpaid check (
    status = 'draft' or amount_paid_minor + amount_forgiven_minor <= total_minor),
  constraint invoices_not_overrefunded check (amount_refunded_minor <= amount_paid_minor),
  constraint invoices_period check (period_start <= period_end)
);
create index invoices_tenant_id_created_at_id_idx on invoices (tenant_id, created_at, id);
create index invoices_tenant_id_status_created_at_id_idx
  on invoices (tenant_id, status, created_at, id);
create index invoices_tenant_id_customer_id_created_at_id_idx
  on invoices (tenant_id, customer_id, created_at, id);
create index invoices_tenant_id_subscription_id_created_at_id_idx
  on invoices (tenant_id, subscription_id, created_at, id);
create index invoices_next_attempt_at_tenant_id_id_idx
  on invoices (next_attempt_at, tenant_id, id) where next_attempt_at is not null;
call isolate_tenant_table('invoices');

create table number_series (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  next_number bigint not null check (next_number >= 1),
  primary key (tenant_id, id)
);
call isolate_tenant_table('number_series');

create table transactions (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  customer_id text collate "C" not null,
  type text collate "C" not null check (type in ('payment', 'refund', 'adjustment', 'fee')),
  status text collate "C" not null check (status in (
    'pending', 'processing', 'requires_action', 'succeeded', 'failed', 'canceled')),
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null,
  fee_minor bigint,
  net_minor bigint,
  settlement_currency text collate "C" check (settlement_currency ~ '^[A-Z]{3}$'),
  invoice_id text collate "C",
  subscription_id text collate "C",
  credit_note_id text collate "C",
  payment_method_id text collate "C",
  related_transaction_id text collate "C",
  amount_refunded_minor bigint not null check (amount_refunded_minor >= 0),
  amount_refund_pending_minor bigint not null check (amount_refund_pending_minor >= 0),
  amount_disputed_minor bigint not null check (amount_disputed_minor >= 0),
  reason text collate "C",
  request_key text collate "C",
  failure_code text collate "C",
  decline_code text collate "C",
  advice_code text collate "C",
  failure_message text collate "C",
  request_log_url text collate "C",
  processor text collate "C" not null,
  processor_id text collate "C",
  processor_charge_id text collate "C",
  next_action_url text collate "C",
  plan_code text collate "C",
  country text collate "C",
  method_type text collate "C",
  method_brand text collate "C",
  method_last4 text collate "C",
  fingerprint text collate "C",
  check_at timestamptz,
  processed_at timestamptz,
  recorded_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint transactions_tenant_id_processor_id_key unique (tenant_id, processor_id),
  constraint transactions_tenant_id_request_key_key unique (tenant_id, request_key),
  constraint transactions_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint transactions_invoice_id_fkey
    foreign key (tenant_id, invoice_id) references invoices (tenant_id, id),
  constraint transactions_subscription_id_fkey
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id),
  constraint transactions_payment_method_id_fkey
    foreign key (tenant_id, payment_method_id) references payment_methods (tenant_id, id),
  constraint transactions_related_transaction_id_fkey
    foreign key (tenant_id, related_transaction_id) references transactions (tenant_id, id),
  constraint transactions_amount check (type = 'adjustment' or amount_minor > 0),
  constraint transactions_not_overrefunded check (
    type <> 'payment' or amount_refunded_minor + amount_refund_pending_minor <= amount_minor)
);
create index transactions_tenant_id_created_at_id_idx on transactions (tenant_id, created_at, id);
create index transactions_tenant_id_status_created_at_id_idx
  on transactions (tenant_id, status, created_at, id);
create index transactions_tenant_id_type_created_at_id_idx
  on transactions (tenant_id, type, created_at, id);
create index transactions_tenant_id_customer_id_created_at_id_idx
  on transactions (tenant_id, customer_id, created_at, id);
create index transactions_tenant_id_invoice_id_created_at_id_idx
  on transactions (tenant_id, invoice_id, created_at, id);
create index transactions_tenant_id_related_transaction_id_created_at_id_idx
  on transactions (tenant_id, related_transaction_id, created_at, id);
create index transactions_tenant_id_processor_charge_id_idx
  on transactions (tenant_id, processor_charge_id);
create index transactions_check_at_tenant_id_id_idx
  on transactions (check_at, tenant_id, id) where check_at is not null;
create index transactions_processor_id_idx on transactions (processor_id);
create index transactions_processor_charge_id_idx on transactions (processor_charge_id);
call isolate_tenant_table('transactions');

-- Debits are positive, credits negative. A line is never changed: a mistake is answered by another line.
create table ledger_entries (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  posting_id text collate "C" not null,
  dedupe_key text collate "C" not null,
  kind text collate "C" not null check (kind ~ '^[a-z_]+$'),
  account text collate "C" not null check (account ~ '^[a-z_]+$'),
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint not null check (amount_minor <> 0),
  invoice_id text collate "C",
  transaction_id text collate "C",
  processor_id text collate "C",
  booked_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, id),
  constraint ledger_entries_tenant_id_dedupe_key_key unique (tenant_id, dedupe_key),
  constraint ledger_entries_invoice_id_fkey
    foreign key (tenant_id, invoice_id) references invoices (tenant_id, id),
  constraint ledger_entries_transaction_id_fkey
    foreign key (tenant_id, transaction_id) references transactions (tenant_id, id)
);
create index ledger_entries_tenant_id_booked_at_id_idx on ledger_entries (tenant_id, booked_at, id);
create index ledger_entries_tenant_id_account_booked_at_id_idx
  on ledger_entries (tenant_id, account, booked_at, id);
create index ledger_entries_tenant_id_invoice_id_idx on ledger_entries (tenant_id, invoice_id);
create index ledger_entries_tenant_id_transaction_id_idx
  on ledger_entries (tenant_id, transaction_id);
create index ledger_entries_booked_at_idx on ledger_entries using brin (booked_at);
call isolate_tenant_table('ledger_entries', append_only => true);
