-- Lists over all tenants, newest first, for the issuer's staff.

create index subscriptions_created_at_tenant_id_id_idx on subscriptions (created_at, tenant_id, id);
create index invoices_created_at_tenant_id_id_idx on invoices (created_at, tenant_id, id);
create index invoices_status_created_at_tenant_id_id_idx
  on invoices (status, created_at, tenant_id, id);
create index invoices_invoice_number_idx on invoices (invoice_number) where invoice_number is not null;
create index transactions_created_at_tenant_id_id_idx on transactions (created_at, tenant_id, id);
