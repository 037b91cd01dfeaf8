-- migrate:up
create table products (
  id bigserial primary key,
  sku varchar(32) not null,
  name varchar(200) not null,
  weight_grams int,
  created_at timestamp not null default now()
);
create unique index products_sku_idx on products (sku);

-- migrate:down
drop table products;
