VACUUM (ANALYZE) shop.articles;
