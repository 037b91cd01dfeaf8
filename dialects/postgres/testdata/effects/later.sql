-- since 18
-- live
ALTER TABLE posts ALTER body SET NOT NULL;
ALTER TABLE posts ALTER body DROP NOT NULL;
ALTER TABLE posts VALIDATE CONSTRAINT posts_body;
ALTER TABLE posts DROP CONSTRAINT posts_body;
ALTER TABLE posts DROP CONSTRAINT posts_soft;
ALTER TABLE posts ALTER body TYPE varchar;
ALTER TABLE posts DROP body;
ALTER TABLE doubled DROP CONSTRAINT doubled_thing;
ALTER TABLE things ALTER id TYPE bigint;
DROP TABLE doubled;
ALTER TABLE doubled DROP id CASCADE;
DROP TABLE things CASCADE;
ALTER TABLE doubled ADD CHECK (twice > 0);
ALTER TABLE doubled ADD e int DEFAULT 1;
ALTER TABLE doubled ALTER id SET NOT NULL;
ALTER TABLE doubled DROP twice;

-- Whether a generated column is stored is not kept.
-- since 18
-- live
-- cautious
ALTER TABLE doubled ALTER twice TYPE bigint;
