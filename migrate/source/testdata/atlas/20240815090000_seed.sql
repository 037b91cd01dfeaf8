-- atlas:delimiter -- end

CREATE FUNCTION slug(title text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN lower(replace(title, ' ', '-'));
END $$
-- end
ALTER TABLE "films" ADD COLUMN "slug" text
-- end
