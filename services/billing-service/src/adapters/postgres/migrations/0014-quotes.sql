-- What was quoted for subscriptions, so that confirming it charges that or is refused.

create table quotes (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  subscription_id text collate "C",
  request jsonb not null,
  facts jsonb not null,
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  due_now_minor bigint not null,
  at timestamptz not null,
  expires_at timestamptz not null check (expires_at > at),
  used_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint quotes_subscription_id_fkey
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index quotes_tenant_id_created_at_id_idx on quotes (tenant_id, created_at, id);
call isolate_tenant_table('quotes');
