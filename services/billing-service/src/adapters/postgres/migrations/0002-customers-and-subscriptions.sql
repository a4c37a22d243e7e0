-- Who is billed, with what, and the agreement: tenants, customers, payment methods, subscriptions.
-- Every key and reference starts with the tenant: checks of references bypass row-level security, and a
-- key without the tenant would let one tenant's row point at another's.

create table tenants (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null check (id = tenant_id),
  kind text collate "C" not null check (kind in ('live', 'test')),
  clock_at timestamptz check (clock_at is null or kind = 'test'),
  settings jsonb not null,
  default_customer_id text collate "C" not null,
  number_prefix text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id)
);
create index tenants_tenant_id_created_at_id_idx on tenants (tenant_id, created_at, id);
create index tenants_created_at_id_idx on tenants (created_at, id);
call isolate_tenant_table('tenants');

create table customers (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  name text collate "C",
  email text collate "C",
  invoice_emails jsonb not null,
  phone text collate "C",
  address jsonb,
  tax_ids jsonb not null,
  tax_exempt boolean not null,
  purchase_order text collate "C",
  language text collate "C" check (language in ('en', 'zh-CN')),
  zone text collate "C",
  is_default boolean not null,
  default_payment_method_id text collate "C",
  processor_id text collate "C",
  metadata jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint customers_tenant_id_processor_id_key unique (tenant_id, processor_id)
);
create index customers_tenant_id_created_at_id_idx on customers (tenant_id, created_at, id);
create index customers_tenant_id_is_default_idx on customers (tenant_id, is_default);
create index customers_processor_id_idx on customers (processor_id);
call isolate_tenant_table('customers');

create table payment_methods (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  customer_id text collate "C" not null,
  type text collate "C" not null
    check (type in ('card', 'bank_account', 'alipay', 'wechat_pay', 'paypal', 'manual')),
  card jsonb,
  bank_account jsonb,
  billing_details jsonb not null,
  status text collate "C" not null check (
    status in ('active', 'pending_verification', 'verification_failed', 'expired', 'detached')),
  fingerprint text collate "C",
  processor_id text collate "C" not null,
  detached_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint payment_methods_tenant_id_processor_id_key unique (tenant_id, processor_id),
  constraint payment_methods_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
create index payment_methods_tenant_id_created_at_id_idx
  on payment_methods (tenant_id, created_at, id);
create index payment_methods_tenant_id_customer_id_created_at_id_idx
  on payment_methods (tenant_id, customer_id, created_at, id);
create index payment_methods_tenant_id_status_created_at_id_idx
  on payment_methods (tenant_id, status, created_at, id);
create index payment_methods_processor_id_idx on payment_methods (processor_id);
call isolate_tenant_table('payment_methods');

create table subscriptions (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  customer_id text collate "C" not null,
  plan_id text collate "C" not null,
  plan_code text collate "C" not null,
  plan_family text collate "C" not null,
  billing_cycle text collate "C" not null check (billing_cycle in ('monthly', 'yearly')),
  quantity bigint not null check (quantity >= 0),
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  status text collate "C" not null check (status in (
    'trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete', 'incomplete_expired',
    'canceled')),
  anchor_at timestamptz not null,
  anchor_zone text collate "C" not null,
  anchor_day bigint not null check (anchor_day between 1 and 31),
  period_index bigint not null,
  current_period_start timestamptz not null,
  current_period_end timestamptz not null,
  trial_start timestamptz,
  trial_end timestamptz,
  cancel_at_period_end boolean not null,
  cancel_reason text collate "C",
  canceled_at timestamptz,
  ended_at timestamptz,
  pending_change jsonb,
  discounts jsonb not null,
  payment_method_id text collate "C",
  billed_by text collate "C" not null check (billed_by in ('engine', 'stripe')),
  latest_invoice_id text collate "C",
  live_key text collate "C",
  next_billing_at timestamptz,
  metadata jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint subscriptions_tenant_id_live_key_key unique (tenant_id, live_key),
  constraint subscriptions_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint subscriptions_payment_method_id_fkey
    foreign key (tenant_id, payment_method_id) references payment_methods (tenant_id, id),
  constraint subscriptions_period check (current_period_start <= current_period_end),
  constraint subscriptions_ended_is_not_live check (
    live_key is null or status not in ('canceled', 'incomplete_expired'))
);
create index subscriptions_tenant_id_created_at_id_idx on subscriptions (tenant_id, created_at, id);
create index subscriptions_tenant_id_status_created_at_id_idx
  on subscriptions (tenant_id, status, created_at, id);
create index subscriptions_tenant_id_customer_id_created_at_id_idx
  on subscriptions (tenant_id, customer_id, created_at, id);
create index subscriptions_tenant_id_payment_method_id_idx
  on subscriptions (tenant_id, payment_method_id);
create index subscriptions_next_billing_at_tenant_id_id_idx
  on subscriptions (next_billing_at, tenant_id, id) where next_billing_at is not null;
call isolate_tenant_table('subscriptions');
