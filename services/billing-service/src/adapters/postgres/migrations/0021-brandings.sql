-- How documents look, version by version, and which version a document was issued under.

create table brandings (
  id text collate "C" primary key check (id <> ''),
  scope text collate "C" not null check (scope <> ''),
  revision bigint not null check (revision >= 1),
  current boolean not null,
  inherits boolean not null,
  logo jsonb,
  accent text collate "C" check (accent ~ '^#[0-9A-Fa-f]{6}$'),
  footer text collate "C",
  terms text collate "C",
  number_lead text collate "C" not null,
  number_digits bigint not null check (number_digits between 1 and 12),
  template text collate "C",
  created_at timestamptz not null,
  created_by text collate "C" not null,
  constraint brandings_scope_revision_key unique (scope, revision)
);
create index brandings_current_scope_id_idx on brandings (current, scope, id);
create index brandings_scope_revision_id_idx on brandings (scope, revision, id);
grant select on brandings to quittance_app;
grant select, insert, update, delete on brandings to quittance_system;

alter table invoices add column branding_id text collate "C";
alter table credit_notes add column branding_id text collate "C";
