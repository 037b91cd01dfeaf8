-- not a changelog: nobody runs it
SELECT 1;
