CREATE OR REPLACE FUNCTION shop.reserve(article BIGINT, wanted INTEGER) RETURNS BOOLEAN
LANGUAGE sql AS $$
    WITH taken AS (
        UPDATE shop.articles SET stock = stock - wanted WHERE id = article AND stock >= wanted RETURNING 1
    )
    SELECT EXISTS (SELECT 1 FROM taken);
$$;

CREATE OR REPLACE PROCEDURE shop.cancel(which BIGINT)
BEGIN ATOMIC
    UPDATE shop.orders SET status = 'cancelled' WHERE id = which;
    DELETE FROM shop.order_lines WHERE order_id = which;
END;
