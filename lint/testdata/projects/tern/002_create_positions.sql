create table positions (
  vehicle_id bigint not null references vehicles,
  at timestamptz not null,
  lat double precision not null,
  lon double precision not null,
  primary key (vehicle_id, at)
);

{{ template "shared/grants.sql" . }}

---- create above / drop below ----

drop table positions;
