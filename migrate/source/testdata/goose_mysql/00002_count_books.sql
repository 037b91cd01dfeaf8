-- +goose Up
ALTER TABLE shelves ADD COLUMN books INT NOT NULL DEFAULT 0;
-- +goose StatementBegin
CREATE PROCEDURE recount(IN shelf INT)
BEGIN
    UPDATE shelves SET books = books + 1 WHERE id = shelf;
    SELECT books FROM shelves WHERE id = shelf;
END;
-- +goose StatementEnd

-- +goose Down
DROP PROCEDURE recount;
ALTER TABLE shelves DROP COLUMN books;
