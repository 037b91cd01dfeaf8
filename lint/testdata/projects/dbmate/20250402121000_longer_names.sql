-- migrate:up
alter table products alter column name type varchar(400);
alter table products alter column sku type text;

-- migrate:down
alter table products alter column name type varchar(200);
