-- What waits for a second person, and what is looked for in the audit log: who, what and request, over all tenants
-- or within one.

create table approvals (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  kind text collate "C" not null check (kind in ('refund', 'credit', 'credit_note', 'write_off')),
  state text collate "C" not null check (state in ('waiting', 'approved', 'declined', 'expired')),
  object_id text collate "C" not null,
  customer_id text collate "C" not null,
  currency text collate "C" not null,
  amount_minor bigint not null check (amount_minor > 0),
  input jsonb not null,
  requested_by text collate "C" not null,
  reason text collate "C",
  request_key text collate "C",
  decided_by text collate "C",
  decision_reason text collate "C",
  decided_at timestamptz,
  result_id text collate "C",
  refusal text collate "C",
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint approvals_tenant_id_request_key_key unique (tenant_id, request_key),
  constraint approvals_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  -- Nobody agrees to what they asked for, whatever the code above says.
  constraint approvals_needs_another check (state <> 'approved' or decided_by <> requested_by),
  check ((state in ('approved', 'declined')) = (decided_by is not null))
);
create index approvals_tenant_id_created_at_id_idx on approvals (tenant_id, created_at, id);
create index approvals_tenant_id_state_created_at_id_idx
  on approvals (tenant_id, state, created_at, id);
create index approvals_created_at_tenant_id_id_idx on approvals (created_at, tenant_id, id);
create index approvals_state_created_at_tenant_id_id_idx
  on approvals (state, created_at, tenant_id, id);
create index approvals_state_expires_at_tenant_id_id_idx
  on approvals (state, expires_at, tenant_id, id);
call isolate_tenant_table('approvals');

create index audit_lines_recorded_at_tenant_id_id_idx on audit_lines (recorded_at, tenant_id, id);
create index audit_lines_actor_recorded_at_tenant_id_id_idx
  on audit_lines (actor, recorded_at, tenant_id, id);
create index audit_lines_action_recorded_at_tenant_id_id_idx
  on audit_lines (action, recorded_at, tenant_id, id);
create index audit_lines_request_id_recorded_at_tenant_id_id_idx
  on audit_lines (request_id, recorded_at, tenant_id, id);
