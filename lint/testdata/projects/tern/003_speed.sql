alter table positions add column speed_kmh real;
alter table positions add column heading smallint check (heading between 0 and 359);

---- create above / drop below ----

alter table positions drop column heading;
alter table positions drop column speed_kmh;
