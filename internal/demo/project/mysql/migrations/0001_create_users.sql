CREATE TABLE users (
    id         bigint AUTO_INCREMENT PRIMARY KEY,
    user_email varchar(255) NOT NULL,
    name       varchar(255) NOT NULL,
    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    UNIQUE KEY users_email (user_email),
    KEY users_email_start (user_email(16), name)
);
