-- The catalogue in full: who pushed a version, fixed limits, seats, add-ons.

alter table plans
  add column limits jsonb not null default '{}',
  add column seats jsonb,
  add column add_on_to jsonb not null default '[]',
  add column created_at timestamptz,
  add column created_by text collate "C";
alter table plans alter column limits drop default, alter column add_on_to drop default;
create index plans_on_offer_rank_id_idx on plans (on_offer, rank, id);
