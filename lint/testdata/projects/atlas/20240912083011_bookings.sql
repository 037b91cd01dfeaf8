-- Create "bookings" table
CREATE TABLE `bookings` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `room_id` bigint NOT NULL,
  `guest_id` bigint NOT NULL,
  `arrives` date NOT NULL,
  `leaves` date NOT NULL,
  `state` enum("asked","booked","cancelled") NOT NULL DEFAULT "asked",
  PRIMARY KEY (`id`),
  INDEX `bookings_guests` (`guest_id`),
  INDEX `bookings_rooms` (`room_id`),
  CONSTRAINT `bookings_guests` FOREIGN KEY (`guest_id`) REFERENCES `guests` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT `bookings_rooms` FOREIGN KEY (`room_id`) REFERENCES `rooms` (`id`) ON UPDATE NO ACTION ON DELETE NO ACTION,
  CONSTRAINT `stays` CHECK (`arrives` < `leaves`)
) CHARSET utf8mb4 COLLATE utf8mb4_0900_ai_ci;
