-- Usage and its daily totals, and what happened: events, audit lines, answers given.

-- Keyed by the caller's key alone: the second key would cost half the speed of taking usage in.
create table usage_events (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  idempotency_key text collate "C" not null check (idempotency_key <> ''),
  subscription_id text collate "C" not null,
  metric text collate "C" not null,
  quantity numeric not null,
  occurred_at timestamptz not null,
  period_start timestamptz not null,
  day text collate "C" not null check (day ~ '^\d{4}-\d{2}-\d{2}$'),
  recorded_at timestamptz not null,
  primary key (tenant_id, idempotency_key),
  constraint usage_events_subscription_id_fkey
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index usage_events_occurred_at_idx on usage_events using brin (occurred_at);
call isolate_tenant_table('usage_events', append_only => true);

-- Room in each page, because a total is updated far more often than it is made.
create table usage_totals (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  subscription_id text collate "C" not null,
  metric text collate "C" not null,
  period_start timestamptz not null,
  day text collate "C" not null check (day ~ '^\d{4}-\d{2}-\d{2}$'),
  quantity numeric not null,
  events bigint not null check (events >= 0),
  primary key (tenant_id, subscription_id, metric, period_start, day),
  constraint usage_totals_subscription_id_fkey
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
) with (fillfactor = 70);
call isolate_tenant_table('usage_totals');

create table events (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  type text collate "C" not null,
  object_id text collate "C" not null,
  data jsonb not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, id)
);
create index events_tenant_id_recorded_at_id_idx on events (tenant_id, recorded_at, id);
create index events_tenant_id_object_id_recorded_at_id_idx
  on events (tenant_id, object_id, recorded_at, id);
create index events_recorded_at_tenant_id_id_idx on events (recorded_at, tenant_id, id);
call isolate_tenant_table('events', append_only => true);

create table audit_lines (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  actor text collate "C" not null,
  role text collate "C" not null,
  action text collate "C" not null,
  object_id text collate "C" not null,
  changes jsonb not null,
  request_id text collate "C" not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, id)
);
create index audit_lines_tenant_id_recorded_at_id_idx on audit_lines (tenant_id, recorded_at, id);
create index audit_lines_tenant_id_object_id_recorded_at_id_idx
  on audit_lines (tenant_id, object_id, recorded_at, id);
call isolate_tenant_table('audit_lines', append_only => true);

-- Plain json keeps the text of the first answer, so that a repetition gets the same bytes.
create table idempotent_answers (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  request_hash text collate "C" not null,
  state text collate "C" not null check (state in ('running', 'done')),
  status bigint,
  body json,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id)
);
create index idempotent_answers_expires_at_tenant_id_id_idx
  on idempotent_answers (expires_at, tenant_id, id);
call isolate_tenant_table('idempotent_answers');

-- What only one request at a time may be doing for a tenant.
create table reservations (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  holder text collate "C" not null,
  held_until timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id)
);
call isolate_tenant_table('reservations');
