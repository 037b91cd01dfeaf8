CREATE OR REPLACE VIEW shop.best_sellers AS
SELECT a.id, a.title, sum(l.quantity) AS sold
FROM shop.articles a
JOIN shop.order_lines l ON l.article_id = a.id
GROUP BY a.id, a.title
ORDER BY sold DESC;
