GRANT SELECT ON ${flyway:defaultSchema}.parcels TO ${reader_role};
