-- The inbox of webhooks in full: what an event makes us re-read, where it came from, why it was ignored or
-- given up, who asked for it again. Leases let one worker at a time work on one object; marks remember how
-- far a walk has come.

alter table inbox rename column last_error to reason;
alter table inbox
  add column subject text collate "C" not null default '',
  add column source text collate "C" not null default 'webhook'
    check (source in ('webhook', 'backfill')),
  add column tenant_id text collate "C" check (tenant_id <> ''),
  add column occurred_at timestamptz,
  add column replays bigint not null default 0 check (replays >= 0),
  add column replayed_by text collate "C",
  drop constraint inbox_state_check,
  add constraint inbox_state_check
    check (state in ('received', 'applied', 'ignored', 'failed', 'dead'));
update inbox set
  occurred_at = received_at,
  subject = case
    when payload -> 'data' -> 'object' ->> 'object' in ('payment_intent', 'charge', 'refund')
    then (payload -> 'data' -> 'object' ->> 'object') || ':' || object_id
    else '' end;
alter table inbox
  alter column occurred_at set not null,
  alter column subject drop default,
  alter column source drop default,
  alter column replays drop default;
create index inbox_subject_received_at_id_idx on inbox (subject, received_at, id);
create index inbox_tenant_id_received_at_id_idx on inbox (tenant_id, received_at, id);

create table leases (
  id text collate "C" primary key check (id <> ''),
  holder text collate "C" not null,
  held_until timestamptz not null,
  version bigint not null check (version >= 1)
);

create table marks (
  id text collate "C" primary key check (id <> ''),
  at timestamptz,
  note text collate "C",
  updated_at timestamptz not null,
  version bigint not null check (version >= 1)
);

grant select on leases, marks to quittance_app;
grant select, insert, update, delete on leases, marks to quittance_system;
