COPY shop.articles (title, price, stock) FROM STDIN WITH (FORMAT text);
Teapot	24.90	12
Cup; blue	6.50	80
Sugar bowl	11.00	7
\.
