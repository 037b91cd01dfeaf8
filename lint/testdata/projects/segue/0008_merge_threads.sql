CREATE FUNCTION merge_threads(keep bigint, gone bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE messages SET thread_id = keep WHERE thread_id = gone;
    DELETE FROM threads WHERE id = gone;
END;
$$;
