-- Bank accounts: the set-up that gave the mandate, and the deposits by which an account is verified.

alter table payment_methods
  add column setup_id text collate "C",
  add column verification jsonb;
