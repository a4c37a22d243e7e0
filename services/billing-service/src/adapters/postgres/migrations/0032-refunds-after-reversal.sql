-- A cheque that bounces lowers what an invoice was paid, and may do so after a refund; and a refund may give back what
-- a payment brought beyond its invoice. What may be refunded is held on each payment, not here.
alter table invoices drop constraint invoices_not_overrefunded;
