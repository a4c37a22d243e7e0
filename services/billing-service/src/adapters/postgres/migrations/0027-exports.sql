-- Files made in the background, kept in pieces until they expire, so that every instance can hand them out.

create table exports (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  noun text collate "C" not null check (noun <> ''),
  format text collate "C" not null check (format in ('csv', 'xlsx', 'pdf', 'jsonl')),
  language text collate "C" not null check (language in ('en', 'zh-CN')),
  filters jsonb not null,
  state text collate "C" not null
    check (state in ('queued', 'running', 'done', 'failed', 'expired')),
  requested_by text collate "C" not null,
  attempts bigint not null check (attempts >= 0),
  rows_done bigint not null check (rows_done >= 0),
  rows_total bigint,
  bytes bigint not null check (bytes >= 0),
  parts bigint not null check (parts >= 0),
  content_type text collate "C",
  filename text collate "C",
  failure text collate "C",
  due_at timestamptz,
  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id)
);
create index exports_tenant_id_created_at_id_idx on exports (tenant_id, created_at, id);
create index exports_tenant_id_state_created_at_id_idx
  on exports (tenant_id, state, created_at, id);
create index exports_due_at_tenant_id_id_idx on exports (due_at, tenant_id, id)
  where due_at is not null;
call isolate_tenant_table('exports');

create table export_parts (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  export_id text collate "C" not null,
  sequence bigint not null check (sequence >= 1),
  content text collate "C" not null,
  created_at timestamptz not null,
  primary key (tenant_id, export_id, sequence),
  constraint export_parts_export_id_fkey
    foreign key (tenant_id, export_id) references exports (tenant_id, id)
);
call isolate_tenant_table('export_parts');
