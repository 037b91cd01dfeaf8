-- atlas:delimiter \n\n\n

CREATE FUNCTION `nights`(arrives date, leaves date) RETURNS int DETERMINISTIC NO SQL
BEGIN
  DECLARE n int;
  SET n = DATEDIFF(leaves, arrives);
  RETURN GREATEST(n, 0);
END


CREATE VIEW `stays` AS SELECT `id`, `room_id`, nights(`arrives`, `leaves`) AS `nights` FROM `bookings`


