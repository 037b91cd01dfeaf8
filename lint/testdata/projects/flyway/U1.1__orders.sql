DROP TABLE shop.order_lines CASCADE;
DROP TABLE shop.orders CASCADE;
