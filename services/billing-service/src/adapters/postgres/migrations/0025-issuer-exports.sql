-- Customers and credit notes of all tenants, newest first: files for the issuer's staff.

create index customers_created_at_tenant_id_id_idx on customers (created_at, tenant_id, id);
create index credit_notes_created_at_tenant_id_id_idx on credit_notes (created_at, tenant_id, id);
