# asked for by marketing
ALTER TABLE page_views ADD COLUMN referrer varchar(500) NULL, ADD KEY page_views_referrer (referrer(100));
