-- An invoice may have taken on what its payer owed on the balance. When all of it is credited, its debt is lowered by
-- more than the note comes to, and the rest stands on the balance again as owed.

alter table credit_notes drop constraint credit_notes_to_balance_minor_check;
alter table credit_notes add constraint credit_notes_to_balance_minor_check
  check (to_balance_minor >= 0 or (refunded_minor = 0 and lowers_invoice_minor > total_minor));
