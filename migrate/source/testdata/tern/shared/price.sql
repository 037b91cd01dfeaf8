create function price(grams int) returns numeric language sql as $$ select grams * 0.01 $$;
