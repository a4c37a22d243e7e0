-- The catalogue in full: who pushed a version, fixed limits, seats, add-ons.

alter table plans
  add column limits jsonb not null default '{}',
  add column seats jsonb,
  add column add_on_to jsonb not null default '[]',
  add column created_at timestamptz,
  add column created_by text collate "C";
alter table plans alter column limits drop default, alter column add_on_to drop default;
create index plans_on_offer_rank_id_idx on plans (on_offer, rank, id);

-- Corrections, and usage that comes after its period was billed. The list of events grows at the end of each
-- subscription's part of its index; corrections are few.
alter table usage_events
  add column corrects text collate "C",
  add column late boolean not null default false;
alter table usage_events alter column late drop default;
create index usage_events_tenant_id_subscription_id_recorded_at_idx
  on usage_events (tenant_id, subscription_id, recorded_at, idempotency_key);
create index usage_events_tenant_id_corrects_idx
  on usage_events (tenant_id, corrects) where corrects is not null;

create table late_totals (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  subscription_id text collate "C" not null,
  metric text collate "C" not null,
  period_start timestamptz not null,
  quantity numeric not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, subscription_id, metric, period_start),
  constraint late_totals_subscription_id_fkey
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
call isolate_tenant_table('late_totals');

create table usage_alerts (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  subscription_id text collate "C" not null,
  metric text collate "C" not null,
  period_start timestamptz not null,
  threshold bigint not null check (threshold > 0),
  recorded_at timestamptz not null,
  primary key (tenant_id, subscription_id, metric, period_start, threshold),
  constraint usage_alerts_subscription_id_fkey
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
call isolate_tenant_table('usage_alerts', append_only => true);
