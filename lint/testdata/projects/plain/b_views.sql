CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW views_by_country AS
SELECT s.country, COUNT(*) AS views FROM page_views v JOIN sessions s ON s.id = v.session_id GROUP BY s.country;
