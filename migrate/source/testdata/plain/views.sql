CREATE VIEW choices AS SELECT choice, count(*) FROM votes GROUP BY choice;
