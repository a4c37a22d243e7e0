-- Differences between our records and the processor's, until somebody has dealt with them, and the monthly
-- certificates.

create index transactions_recorded_at_tenant_id_id_idx on transactions (recorded_at, tenant_id, id);

create table drifts (
  id text collate "C" primary key check (id <> ''),
  key text collate "C" not null,
  object_type text collate "C" not null check (object_type in ('payment', 'refund', 'dispute')),
  processor_id text collate "C" not null,
  tenant_id text collate "C" check (tenant_id <> ''),
  object_id text collate "C",
  field text collate "C" not null check (field ~ '^[a-z_]+$'),
  ours text collate "C",
  theirs text collate "C",
  currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
  money_minor bigint not null check (money_minor >= 0),
  state text collate "C" not null check (state in ('open', 'resolved', 'vanished')),
  resolution text collate "C" check (resolution in ('take_theirs', 'push_ours', 'explain')),
  note text collate "C",
  resolved_by text collate "C",
  resolved_at timestamptz,
  detected_at timestamptz not null,
  last_seen_at timestamptz not null,
  version bigint not null check (version >= 1),
  constraint drifts_key_key unique (key)
);
create index drifts_detected_at_id_idx on drifts (detected_at, id);
create index drifts_state_detected_at_id_idx on drifts (state, detected_at, id);
create index drifts_tenant_id_detected_at_id_idx on drifts (tenant_id, detected_at, id);

create table certificates (
  id text collate "C" primary key check (id ~ '^\d{4}-\d{2}$'),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  agrees boolean not null,
  tallies jsonb not null,
  differences jsonb not null,
  difference_count bigint not null check (difference_count >= 0),
  foreign_count bigint not null check (foreign_count >= 0),
  events jsonb not null,
  issued_at timestamptz not null,
  issued_by text collate "C" not null,
  version bigint not null check (version >= 1)
);
create index certificates_issued_at_id_idx on certificates (issued_at, id);

grant select on drifts, certificates to quittance_app;
grant select, insert, update, delete on drifts, certificates to quittance_system;
