-- Coupons and promotion codes of the issuer, how often they are redeemed, and the discounts of tenants.

create table coupons (
  id text collate "C" primary key check (id <> ''),
  code text collate "C" not null check (code <> ''),
  code_key text collate "C" not null,
  name text collate "C",
  benefit jsonb not null,
  duration jsonb not null,
  scope jsonb,
  status text collate "C" not null check (status in ('active', 'archived')),
  redeem_by timestamptz,
  redemptions_max bigint check (redemptions_max > 0),
  redemptions_per_tenant_max bigint check (redemptions_per_tenant_max > 0),
  minimums_minor jsonb,
  first_purchase_only boolean not null,
  metadata jsonb not null,
  created_by text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  constraint coupons_code_key_key unique (code_key)
);
create index coupons_created_at_id_idx on coupons (created_at, id);
create index coupons_status_created_at_id_idx on coupons (status, created_at, id);

create table promotion_codes (
  id text collate "C" primary key check (id <> ''),
  code text collate "C" not null check (code <> ''),
  code_key text collate "C" not null,
  coupon_id text collate "C" not null,
  only_tenant_id text collate "C" check (only_tenant_id <> ''),
  status text collate "C" not null check (status in ('active', 'archived')),
  redeem_by timestamptz,
  redemptions_max bigint check (redemptions_max > 0),
  redemptions_per_tenant_max bigint check (redemptions_per_tenant_max > 0),
  minimums_minor jsonb,
  first_purchase_only boolean not null,
  created_by text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  constraint promotion_codes_code_key_key unique (code_key)
);
create index promotion_codes_created_at_id_idx on promotion_codes (created_at, id);
create index promotion_codes_coupon_id_created_at_id_idx
  on promotion_codes (coupon_id, created_at, id);

-- Every redemption of any tenant locks the row of its coupon, so that no limit is passed.
create table coupon_counters (
  id text collate "C" primary key check (id <> ''),
  redemptions bigint not null check (redemptions >= 0),
  version bigint not null check (version >= 1)
);

grant select on coupons, promotion_codes, coupon_counters to quittance_app;
grant update on coupon_counters to quittance_app;
grant select, insert, update, delete on coupons, promotion_codes, coupon_counters
  to quittance_system;

create table discounts (
  tenant_id text collate "C" not null check (tenant_id <> ''),
  id text collate "C" not null,
  customer_id text collate "C" not null,
  subscription_id text collate "C" not null,
  coupon_id text collate "C" not null,
  coupon text collate "C" not null,
  name text collate "C",
  promotion_code_id text collate "C",
  promotion_code text collate "C",
  benefit jsonb not null,
  duration jsonb not null,
  scope jsonb,
  status text collate "C" not null check (status in ('attached', 'removed', 'returned')),
  attached_at timestamptz not null,
  ends_at timestamptz,
  uses bigint not null check (uses >= 0),
  attached_with text collate "C",
  attached_key text collate "C",
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null check (version >= 1),
  primary key (tenant_id, id),
  constraint discounts_tenant_id_attached_key_key unique (tenant_id, attached_key),
  constraint discounts_customer_id_fkey
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint discounts_subscription_id_fkey
    foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id),
  constraint discounts_attached check ((status = 'attached') = (attached_key is not null))
);
create index discounts_tenant_id_coupon_id_created_at_id_idx
  on discounts (tenant_id, coupon_id, created_at, id);
create index discounts_tenant_id_promotion_code_id_created_at_id_idx
  on discounts (tenant_id, promotion_code_id, created_at, id);
create index discounts_tenant_id_subscription_id_created_at_id_idx
  on discounts (tenant_id, subscription_id, created_at, id);
call isolate_tenant_table('discounts');
