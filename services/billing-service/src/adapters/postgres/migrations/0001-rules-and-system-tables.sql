-- The rules every table keeps, and the tables that belong to no tenant.
-- Roles: quittance_app serves one tenant at a time, quittance_system does work across tenants; the
-- migrations write those two names, and the runner puts the deployment's own in their place.

grant usage on schema quittance to quittance_app, quittance_system;

-- Closes a tenant's table: forced row-level security, so that not even the owner sees through it, and
-- grants. Rows of an append-only table are never changed or removed, by anybody but the owner.
create procedure isolate_tenant_table(name text, append_only boolean default false)
language plpgsql as $$
declare
  rights text collate "C" := case when append_only then 'select, insert' else 'select, insert, update, delete' end;
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format(
    'create policy one_tenant on %I to quittance_app '
    'using (tenant_id = current_setting(''app.tenant_id'', true)) '
    'with check (tenant_id = current_setting(''app.tenant_id'', true))', name);
  execute format(
    'create policy all_tenants on %I to quittance_system using (true) with check (true)', name);
  execute format('grant %s on %I to quittance_app, quittance_system', rights, name);
end $$;

create table plans (
  id text collate "C" primary key,
  code text collate "C" not null,
  version bigint not null check (version >= 1),
  family text collate "C" not null,
  name text collate "C" not null,
  prices jsonb not null,
  trial_days bigint check (trial_days >= 0),
  metrics jsonb not null,
  overage_currency text collate "C" not null check (overage_currency ~ '^[A-Z]{3}$'),
  features jsonb not null,
  on_offer boolean not null,
  rank bigint not null,
  constraint plans_code_version_key unique (code, version)
);
create index plans_rank_id_idx on plans (rank, id);

-- Webhooks as they arrived: plain json keeps their text as it was.
create table inbox (
  id text collate "C" primary key check (id <> ''),
  processor text collate "C" not null,
  type text collate "C" not null,
  object_id text collate "C" not null,
  api_version text collate "C",
  payload json not null,
  state text collate "C" not null check (state in ('received', 'applied', 'ignored', 'failed')),
  attempts bigint not null check (attempts >= 0),
  last_error text collate "C",
  received_at timestamptz not null,
  due_at timestamptz,
  processed_at timestamptz,
  version bigint not null check (version >= 1)
);
create index inbox_due_at_id_idx on inbox (due_at, id) where due_at is not null;
create index inbox_received_at_id_idx on inbox (received_at, id);
create index inbox_state_received_at_id_idx on inbox (state, received_at, id);
create index inbox_object_id_received_at_id_idx on inbox (object_id, received_at, id);

create table job_runs (
  id text collate "C" primary key,
  job text collate "C" not null,
  slot text collate "C" not null,
  state text collate "C" not null check (state in ('running', 'done', 'failed')),
  counts jsonb not null,
  error text collate "C",
  started_at timestamptz not null,
  ended_at timestamptz,
  version bigint not null check (version >= 1)
);
create index job_runs_job_started_at_id_idx on job_runs (job, started_at, id);
create index job_runs_started_at_id_idx on job_runs (started_at, id);

create table deployment (
  id text collate "C" primary key check (id = 'deployment'),
  processor text collate "C" not null,
  account text collate "C" not null,
  mode text collate "C" not null check (mode in ('sandbox', 'test', 'live')),
  created_at timestamptz not null
);

create table number_prefixes (
  id text collate "C" primary key check (id <> ''),
  owner text collate "C" not null,
  created_at timestamptz not null
);

grant select on plans, inbox, job_runs, deployment, number_prefixes to quittance_app;
grant insert on number_prefixes to quittance_app;
grant select, insert, update, delete on plans, inbox, job_runs, deployment to quittance_system;
grant select, insert on number_prefixes to quittance_system;
