ALTER TABLE shop.orders ADD COLUMN total NUMERIC(12, 2) NOT NULL DEFAULT 0;

UPDATE shop.orders o
SET total = t.total
FROM (SELECT order_id, sum(quantity * price) AS total FROM shop.order_lines GROUP BY order_id) t
WHERE t.order_id = o.id;
