ALTER TABLE tickets DROP INDEX ft_tickets_subject;
