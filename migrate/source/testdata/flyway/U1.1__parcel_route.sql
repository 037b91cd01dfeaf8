DROP FUNCTION next_stop(bigint);
DROP TABLE stops;
