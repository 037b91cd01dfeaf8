alter table vehicles add column retired_at timestamptz;
create view active_vehicles as select * from vehicles where retired_at is null;

---- create above / drop below ----

drop view active_vehicles;
alter table vehicles drop column retired_at;
