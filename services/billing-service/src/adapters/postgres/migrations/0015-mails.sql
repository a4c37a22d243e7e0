-- The outbox of mails: written in the transaction of their cause, sent afterwards, each event once per kind.

create table mails (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  event_id text collate "C" not null,
  kind text collate "C" not null check (kind ~ '^[a-z_]+$'),
  object_id text collate "C" not null,
  data jsonb not null,
  state text collate "C" not null
    check (state in ('queued', 'sent', 'kept', 'bounced', 'failed', 'skipped')),
  recipients jsonb not null,
  language text collate "C",
  subject text collate "C",
  text text collate "C",
  html text collate "C",
  attachments jsonb not null,
  attempts bigint not null check (attempts >= 0),
  note text collate "C",
  due_at timestamptz,
  sent_at timestamptz,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint mails_tenant_id_event_id_kind_key unique (tenant_id, event_id, kind),
  constraint mails_event_id_fkey
    foreign key (tenant_id, event_id) references events (tenant_id, id),
  constraint mails_due_while_queued check ((state = 'queued') = (due_at is not null))
);
create index mails_tenant_id_created_at_id_idx on mails (tenant_id, created_at, id);
create index mails_tenant_id_state_created_at_id_idx on mails (tenant_id, state, created_at, id);
create index mails_tenant_id_object_id_created_at_id_idx
  on mails (tenant_id, object_id, created_at, id);
create index mails_due_at_tenant_id_id_idx on mails (due_at, tenant_id, id)
  where due_at is not null;
create index mails_created_at_tenant_id_id_idx on mails (created_at, tenant_id, id);
create index mails_id_tenant_id_idx on mails (id, tenant_id);
create index mails_state_created_at_tenant_id_id_idx on mails (state, created_at, tenant_id, id);
call isolate_tenant_table('mails');
