CREATE INDEX CONCURRENTLY orders_status_idx ON shop.orders (status, placed_at);
