-- The issuer's table of tax rates, and the proof of a customer's VAT id.

create table tax_rates (
  id text collate "C" primary key check (id <> ''),
  country text collate "C" not null check (country ~ '^[A-Z]{2}$'),
  region text collate "C" check (region <> ''),
  name text collate "C" not null check (name <> ''),
  kind text collate "C" not null check (kind in ('standard', 'surcharge')),
  rate_ppm bigint not null check (rate_ppm between 0 and 1000000),
  valid_from timestamptz not null,
  valid_to timestamptz check (valid_to >= valid_from),
  created_at timestamptz not null,
  created_by text collate "C" not null
);
create index tax_rates_country_id_idx on tax_rates (country, id);
grant select on tax_rates to quittance_app;
grant select, insert, update, delete on tax_rates to quittance_system;

alter table customers add column tax_proof jsonb;
