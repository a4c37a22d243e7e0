-- Keys of tenants' personal fields, wrapped by a master key that no database holds. A destroyed key keeps its row.

create table data_keys (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  purpose text collate "C" not null check (purpose in ('erasable', 'retained')),
  master_id text collate "C",
  wrapped text collate "C",
  created_at timestamptz not null,
  destroyed_at timestamptz,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  check ((wrapped is null) = (destroyed_at is not null)),
  check ((wrapped is null) = (master_id is null)),
  check (purpose = 'erasable' or destroyed_at is null)
);
create index data_keys_tenant_id_created_at_id_idx on data_keys (tenant_id, created_at, id);
create index data_keys_master_id_tenant_id_id_idx on data_keys (master_id, tenant_id, id);
call isolate_tenant_table('data_keys');

-- Bytes of a file may say anything of a person: they are encrypted as well, those of packs of closed periods so that
-- they outlive an erasure.
alter table export_parts add column of_pack boolean not null default false;
alter table export_parts alter column of_pack drop default;
alter table export_parts no force row level security;
alter table exports no force row level security;
update export_parts p set of_pack = true from exports e
  where e.tenant_id = p.tenant_id and e.id = p.export_id and e.noun = 'close-pack';
alter table exports force row level security;
alter table export_parts force row level security;
