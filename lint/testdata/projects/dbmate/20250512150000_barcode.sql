-- migrate:up
alter table products add column barcode text;
alter table products add constraint products_barcode_key unique (barcode);

-- migrate:down
alter table products drop column barcode;
