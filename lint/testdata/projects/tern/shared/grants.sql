grant select, insert on positions to {{.app_role}};
