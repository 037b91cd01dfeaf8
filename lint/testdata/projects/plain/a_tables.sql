CREATE TABLE IF NOT EXISTS page_views (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  url varchar(500) NOT NULL,
  session_id binary(16) NOT NULL,
  seen_at datetime(3) NOT NULL,
  PRIMARY KEY (id, seen_at)
) ENGINE=InnoDB
PARTITION BY RANGE COLUMNS (seen_at) (
  PARTITION p2024 VALUES LESS THAN ('2025-01-01'),
  PARTITION p2025 VALUES LESS THAN ('2026-01-01'),
  PARTITION pmax VALUES LESS THAN (MAXVALUE)
);

CREATE TABLE IF NOT EXISTS sessions (
  id binary(16) NOT NULL PRIMARY KEY,
  country char(2) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  first_seen datetime(3) NOT NULL
);
