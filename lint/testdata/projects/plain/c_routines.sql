DELIMITER $$

DROP PROCEDURE IF EXISTS purge_views$$
CREATE PROCEDURE purge_views(IN before_day date)
BEGIN
  DECLARE gone int DEFAULT 1;
  WHILE gone > 0 DO
    DELETE FROM page_views WHERE seen_at < before_day LIMIT 5000;
    SET gone = ROW_COUNT();
  END WHILE;
END$$

DROP EVENT IF EXISTS purge_nightly$$
CREATE EVENT purge_nightly ON SCHEDULE EVERY 1 DAY STARTS '2025-01-01 03:00:00'
DO CALL purge_views(CURRENT_DATE - INTERVAL 400 DAY)$$

DELIMITER ;
