DROP TABLE trails;
