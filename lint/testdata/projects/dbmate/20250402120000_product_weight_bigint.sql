-- migrate:up
alter table products alter column weight_grams type bigint;

-- migrate:down
alter table products alter column weight_grams type int;
