-- Keys by which machines call: the hash of each, never the key.

create table api_keys (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  name text collate "C" not null,
  role text collate "C" not null check (role in ('service', 'member')),
  hint text collate "C" not null,
  secret_hash text collate "C" not null check (length(secret_hash) = 64),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_by text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id)
);
create index api_keys_tenant_id_created_at_id_idx on api_keys (tenant_id, created_at, id);
create index api_keys_secret_hash_created_at_tenant_id_id_idx
  on api_keys (secret_hash, created_at, tenant_id, id);
call isolate_tenant_table('api_keys');
