-- Series of document numbers that all tenants share: a tenant's transaction takes its number here, and holds
-- the row until it ends, so that no number is lost or given twice.
create table issuer_series (
  id text collate "C" primary key check (id <> ''),
  next_number bigint not null check (next_number >= 1)
);

grant select, insert on issuer_series to quittance_app;
grant update (next_number) on issuer_series to quittance_app;
grant select, insert, update, delete on issuer_series to quittance_system;

-- Counters are counted by tenants; which coupon they count is not theirs to change.
revoke update on coupon_counters from quittance_app;
grant update (redemptions, version) on coupon_counters to quittance_app;
