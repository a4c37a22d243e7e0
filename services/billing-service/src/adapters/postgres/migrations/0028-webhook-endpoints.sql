-- Endpoints that are told of events, and their deliveries. A delivery is its endpoint's tenant's; its event
-- is another one's where the endpoint is the issuer's, so events are not referred to by a foreign key.

create table webhook_endpoints (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  url text collate "C" not null,
  description text collate "C",
  event_types jsonb not null,
  secrets jsonb not null,
  state text collate "C" not null check (state in ('enabled', 'disabled', 'deleted')),
  disabled_reason text collate "C",
  enabled_at timestamptz not null,
  failing_since timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id)
);
create index webhook_endpoints_tenant_id_created_at_id_idx
  on webhook_endpoints (tenant_id, created_at, id);
create index webhook_endpoints_state_created_at_tenant_id_id_idx
  on webhook_endpoints (state, created_at, tenant_id, id);
call isolate_tenant_table('webhook_endpoints');

create table webhook_deliveries (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  endpoint_id text collate "C" not null,
  event_id text collate "C" not null,
  event_tenant_id text collate "C" not null,
  event_type text collate "C" not null,
  state text collate "C" not null check (state in ('waiting', 'delivered', 'failed', 'canceled')),
  attempts bigint not null check (attempts >= 0),
  response_status bigint,
  response_body text collate "C",
  note text collate "C",
  duration_ms bigint,
  due_at timestamptz,
  delivered_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint webhook_deliveries_tenant_id_endpoint_id_event_id_key
    unique (tenant_id, endpoint_id, event_id),
  constraint webhook_deliveries_endpoint_id_fkey
    foreign key (tenant_id, endpoint_id) references webhook_endpoints (tenant_id, id),
  constraint webhook_deliveries_due_while_waiting
    check ((state = 'waiting') = (due_at is not null))
);
create index webhook_deliveries_tenant_id_endpoint_id_created_at_id_idx
  on webhook_deliveries (tenant_id, endpoint_id, created_at, id);
create index webhook_deliveries_tenant_id_endpoint_id_state_created_at_id_idx
  on webhook_deliveries (tenant_id, endpoint_id, state, created_at, id);
create index webhook_deliveries_due_at_tenant_id_id_idx
  on webhook_deliveries (due_at, tenant_id, id) where due_at is not null;
call isolate_tenant_table('webhook_deliveries');
