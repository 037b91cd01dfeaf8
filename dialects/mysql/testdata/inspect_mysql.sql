CREATE TABLE functional (a varchar(20), b json, KEY low ((lower(a))), KEY hidden (a) INVISIBLE, CONSTRAINT loose CHECK (a <> '') NOT ENFORCED);
