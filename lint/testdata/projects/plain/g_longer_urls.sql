ALTER TABLE daily_views MODIFY url varchar(700) NOT NULL;
