-- migrate:up
create index movements_product_idx on movements (product_id);

-- migrate:down
drop index movements_product_idx;
