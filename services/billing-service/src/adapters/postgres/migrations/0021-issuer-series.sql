-- Series of document numbers that all tenants share: a tenant's transaction takes its number here, and holds
-- the row until it ends, so that no number is lost or given twice.
create table issuer_series (
  id text collate "C" primary key check (id <> ''),
  next_number bigint not null check (next_number >= 1)
);

grant select, insert, update on issuer_series to quittance_app;
grant select, insert, update, delete on issuer_series to quittance_system;
