-- migrate:up
create table suppliers (id bigserial primary key, name text not null);
alter table products add column supplier_id bigint references suppliers (id);

-- migrate:down
alter table products drop column supplier_id;
drop table suppliers;
