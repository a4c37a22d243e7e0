-- What an issued invoice says stays as it was said: its number, parties, dates, lines and amounts are never
-- changed again, and it is never removed. Only its status and what is paid, credited and collected moves on.

-- Lines without what later credit notes took of them, which is kept beside each line and each of its taxes.
create function lines_as_issued(lines jsonb) returns jsonb
language sql immutable set search_path from current as $$
  select coalesce(jsonb_agg(
    (line - 'creditedNetMinor' - 'creditedTaxMinor' - 'taxes')
      || case when jsonb_typeof(line -> 'taxes') = 'array' then jsonb_build_object('taxes', (
           select jsonb_agg(tax - 'creditedMinor' order by place)
           from jsonb_array_elements(line -> 'taxes') with ordinality as t(tax, place)))
         else '{}'::jsonb end
    order by at), '[]'::jsonb)
  from jsonb_array_elements(lines) with ordinality as l(line, at)
$$;

create function keep_issued_invoice() returns trigger
language plpgsql set search_path from current as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'invoice % is issued and is never removed', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.status = 'draft'
    or (new.invoice_number, new.currency, new.subtotal_minor, new.discount_minor, new.tax_minor,
        new.total_minor, new.customer_id, new.subscription_id, new.period_start, new.period_end,
        new.issued_at, new.issuer)
      is distinct from
       (old.invoice_number, old.currency, old.subtotal_minor, old.discount_minor, old.tax_minor,
        old.total_minor, old.customer_id, old.subscription_id, old.period_start, old.period_end,
        old.issued_at, old.issuer)
    or new.tax_lines is distinct from old.tax_lines
    or (new.lines is distinct from old.lines
      and lines_as_issued(new.lines) is distinct from lines_as_issued(old.lines))
  then
    raise exception 'invoice % is issued and keeps its number, lines and amounts', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;

create trigger keep_issued before update or delete on invoices
  for each row when (old.status <> 'draft') execute function keep_issued_invoice();
