-- Closed periods: until when the books of a tenant are closed, and what was handed over.

alter table tenants add column closed_until timestamptz;

create table closings (
  id text collate "C" primary key check (id <> ''),
  owner text collate "C" not null check (owner <> ''),
  period text collate "C" not null check (period ~ '^\d{4}-\d{2}$'),
  zone text collate "C" not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  export_id text collate "C" not null,
  closed_at timestamptz not null,
  closed_by text collate "C" not null
);
create index closings_owner_ends_at_id_idx on closings (owner, ends_at, id);
grant select on closings to quittance_app;
grant select, insert on closings to quittance_system;

alter table exports drop constraint exports_format_check;
alter table exports add constraint exports_format_check
  check (format in ('csv', 'xlsx', 'pdf', 'jsonl', 'zip'));
