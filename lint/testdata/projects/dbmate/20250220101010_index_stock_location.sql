-- migrate:up transaction:false
create index concurrently stock_location_idx on stock (location_id);

-- migrate:down transaction:false
drop index concurrently stock_location_idx;
