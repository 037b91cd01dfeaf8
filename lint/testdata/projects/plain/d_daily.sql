CREATE TABLE daily_views (
  day date NOT NULL,
  url varchar(500) NOT NULL,
  views int unsigned NOT NULL,
  PRIMARY KEY (day, url)
);
INSERT INTO daily_views SELECT DATE(seen_at), url, COUNT(*) FROM page_views GROUP BY 1, 2;
