CREATE TABLE `tickets` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `agent_id` bigint unsigned DEFAULT NULL,
  `subject` varchar(255) NOT NULL,
  `body` mediumtext,
  `status` enum('new','open','pending','solved') NOT NULL DEFAULT 'new',
  `priority` tinyint NOT NULL DEFAULT '3',
  `opened_at` datetime NOT NULL,
  `closed_at` datetime DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_tickets_agent` (`agent_id`),
  KEY `ix_tickets_status_opened` (`status`,`opened_at`),
  CONSTRAINT `fk_tickets_agent` FOREIGN KEY (`agent_id`) REFERENCES `agents` (`id`) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
