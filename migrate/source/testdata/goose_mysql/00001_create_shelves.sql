-- +goose Up
CREATE TABLE shelves (
    id   INT UNSIGNED NOT NULL AUTO_INCREMENT,
    code VARCHAR(16) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY shelves_code (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- +goose Down
DROP TABLE shelves;
