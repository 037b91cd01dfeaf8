ALTER TABLE tickets ADD FULLTEXT INDEX ft_tickets_subject (subject);
