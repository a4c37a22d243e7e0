-- What is owed back: credit notes, the credit balance, and what an invoice took from it.

alter table invoices add column amount_from_balance_minor bigint not null default 0;
alter table invoices alter column amount_from_balance_minor drop default;
alter table invoices drop constraint invoices_not_overpaid;
alter table invoices add constraint invoices_not_overpaid check (
  status = 'draft'
  or amount_paid_minor + amount_forgiven_minor + amount_from_balance_minor <= total_minor);
alter table invoices add constraint invoices_not_overcredited check (
  status = 'draft' or amount_credited_minor <= total_minor);

create table credit_notes (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  credit_note_number text collate "C" not null,
  invoice_id text collate "C" not null,
  invoice_number text collate "C" not null,
  invoice_issued_at timestamptz not null,
  customer_id text collate "C" not null,
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  lines jsonb not null,
  tax_lines jsonb not null,
  subtotal_minor bigint not null,
  discount_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null check (total_minor > 0),
  lowers_invoice_minor bigint not null check (lowers_invoice_minor >= 0),
  refunded_minor bigint not null check (refunded_minor >= 0),
  to_balance_minor bigint not null check (to_balance_minor >= 0),
  on_bad_debt boolean not null,
  reason text collate "C",
  request_key text collate "C",
  buyer jsonb,
  issuer jsonb,
  issued_at timestamptz not null,
  created_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, id),
  constraint credit_notes_tenant_id_credit_note_number_key unique (tenant_id, credit_note_number),
  constraint credit_notes_tenant_id_request_key_key unique (tenant_id, request_key),
  constraint credit_notes_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint credit_notes_invoice_id_fkey
    foreign key (tenant_id, invoice_id) references invoices (tenant_id, id),
  constraint credit_notes_total check (total_minor = subtotal_minor - discount_minor + tax_minor),
  constraint credit_notes_split check (
    total_minor = lowers_invoice_minor + refunded_minor + to_balance_minor)
);
create index credit_notes_tenant_id_created_at_id_idx on credit_notes (tenant_id, created_at, id);
create index credit_notes_tenant_id_customer_id_created_at_id_idx
  on credit_notes (tenant_id, customer_id, created_at, id);
create index credit_notes_tenant_id_invoice_id_created_at_id_idx
  on credit_notes (tenant_id, invoice_id, created_at, id);
call isolate_tenant_table('credit_notes', append_only => true);

alter table transactions add constraint transactions_credit_note_id_fkey
  foreign key (tenant_id, credit_note_id) references credit_notes (tenant_id, id);

-- One row per customer and currency: every movement locks it, so that credit is spent once.
create table credit_balances (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  customer_id text collate "C" not null,
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  balance_minor bigint not null,
  lots jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint credit_balances_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
create index credit_balances_tenant_id_customer_id_id_idx
  on credit_balances (tenant_id, customer_id, id);
call isolate_tenant_table('credit_balances');

create table credit_entries (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  balance_id text collate "C" not null,
  customer_id text collate "C" not null,
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  kind text collate "C" not null check (kind ~ '^[a-z_]+$'),
  amount_minor bigint not null check (amount_minor <> 0),
  used jsonb not null,
  cause text collate "C" not null check (cause <> ''),
  invoice_id text collate "C",
  transaction_id text collate "C",
  credit_note_id text collate "C",
  reason text collate "C",
  created_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, id),
  constraint credit_entries_tenant_id_cause_key unique (tenant_id, cause),
  constraint credit_entries_balance_id_fkey
    foreign key (tenant_id, balance_id) references credit_balances (tenant_id, id),
  constraint credit_entries_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint credit_entries_invoice_id_fkey
    foreign key (tenant_id, invoice_id) references invoices (tenant_id, id),
  constraint credit_entries_transaction_id_fkey
    foreign key (tenant_id, transaction_id) references transactions (tenant_id, id),
  constraint credit_entries_credit_note_id_fkey
    foreign key (tenant_id, credit_note_id) references credit_notes (tenant_id, id)
);
create index credit_entries_tenant_id_created_at_id_idx
  on credit_entries (tenant_id, created_at, id);
create index credit_entries_tenant_id_balance_id_created_at_id_idx
  on credit_entries (tenant_id, balance_id, created_at, id);
create index credit_entries_tenant_id_customer_id_created_at_id_idx
  on credit_entries (tenant_id, customer_id, created_at, id);
create index credit_entries_tenant_id_invoice_id_idx on credit_entries (tenant_id, invoice_id);
call isolate_tenant_table('credit_entries', append_only => true);
