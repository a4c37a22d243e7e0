-- Seals over ledger and audit log: chains per tenant, and the rows that wait for theirs. Rows written before
-- this migration wait as well.

create table seals (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  stream text collate "C" not null check (stream in ('ledger', 'audit')),
  sequence bigint not null check (sequence >= 1),
  previous_hash text collate "C" not null check (previous_hash ~ '^[0-9a-f]{64}$'),
  rows jsonb not null,
  row_count bigint not null check (row_count >= 1),
  hash text collate "C" not null check (hash ~ '^[0-9a-f]{64}$'),
  sealed_at timestamptz not null,
  primary key (tenant_id, id),
  constraint seals_tenant_id_stream_sequence_key unique (tenant_id, stream, sequence)
);
call isolate_tenant_table('seals', append_only => true);

create table seal_heads (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null check (id in ('ledger', 'audit')),
  sequence bigint not null check (sequence >= 0),
  hash text collate "C" not null check (hash ~ '^[0-9a-f]{64}$'),
  row_count bigint not null check (row_count >= 0),
  sealed_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id)
);
call isolate_tenant_table('seal_heads');

create table unsealed_rows (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  stream text collate "C" not null check (stream in ('ledger', 'audit')),
  row_ids jsonb not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, id)
);
create index unsealed_rows_recorded_at_tenant_id_id_idx
  on unsealed_rows (recorded_at, tenant_id, id);

-- The owner does not see through row-level security either, except while it is not forced.
alter table ledger_entries no force row level security;
alter table audit_lines no force row level security;
insert into unsealed_rows (tenant_id, id, stream, row_ids, recorded_at)
  select tenant_id, min(id), 'ledger', jsonb_agg(id order by id), min(recorded_at)
  from ledger_entries group by tenant_id, posting_id;
insert into unsealed_rows (tenant_id, id, stream, row_ids, recorded_at)
  select tenant_id, id, 'audit', jsonb_build_array(id), recorded_at from audit_lines;
alter table ledger_entries force row level security;
alter table audit_lines force row level security;

call isolate_tenant_table('unsealed_rows');
