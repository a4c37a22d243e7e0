-- Why something was done, and from where: beside every line of the audit log from now on.
alter table audit_lines
  add column reason text collate "C",
  add column ip_address text collate "C";
