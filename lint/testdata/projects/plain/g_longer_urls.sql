ALTER TABLE daily_views MODIFY url varchar(2000) NOT NULL;
