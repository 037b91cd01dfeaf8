{{ template "shared/price.sql" . }}
create view {{.prefix}}_today as select * from loaves where baked_at > current_date;

---- create above / drop below ----

drop view {{.prefix}}_today;
drop function price(int);
