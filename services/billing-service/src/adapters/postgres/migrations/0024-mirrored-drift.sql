-- Copies of subscriptions that Stripe Billing runs can differ too.
alter table drifts drop constraint drifts_object_type_check;
alter table drifts add constraint drifts_object_type_check
  check (object_type in ('payment', 'refund', 'dispute', 'subscription'));
