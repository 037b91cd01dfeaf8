DROP TABLE shop.order_lines;
DROP TABLE shop.orders;
