-- What is kept for China's fapiao: buyers as the tax bureau knows them, and the numbers that its platform gave.

create table fapiao_buyers (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  type text collate "C" not null check (type in ('general', 'special')),
  title text collate "C" not null check (title <> ''),
  tax_number text collate "C",
  address text collate "C",
  phone text collate "C",
  bank_name text collate "C",
  bank_account text collate "C",
  remarks text collate "C",
  email text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint fapiao_buyers_id_fkey foreign key (tenant_id, id) references customers (tenant_id, id),
  check (type = 'general' or tax_number is not null)
);
call isolate_tenant_table('fapiao_buyers');

create table fapiaos (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  kind text collate "C" not null check (kind in ('blue', 'red')),
  type text collate "C" not null check (type in ('general', 'special')),
  invoice_id text collate "C" not null,
  document_number text collate "C" not null,
  number text collate "C" not null check (number <> ''),
  blue_number text collate "C",
  issued_on text collate "C" not null check (issued_on ~ '^\d{4}-\d{2}-\d{2}$'),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint fapiaos_tenant_id_number_key unique (tenant_id, number),
  constraint fapiaos_invoice_id_fkey
    foreign key (tenant_id, invoice_id) references invoices (tenant_id, id),
  check ((kind = 'red') = (blue_number is not null)),
  check (kind = 'red' or id = invoice_id)
);
create index fapiaos_tenant_id_created_at_id_idx on fapiaos (tenant_id, created_at, id);
create index fapiaos_tenant_id_invoice_id_created_at_id_idx
  on fapiaos (tenant_id, invoice_id, created_at, id);
call isolate_tenant_table('fapiaos');
