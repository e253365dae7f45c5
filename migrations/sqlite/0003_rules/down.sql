DROP TABLE rule_epoch;
DROP TABLE assignment;
DROP TABLE home;
DROP TABLE site;
DROP TABLE calendar_year;
DROP TABLE calendar_day;
DROP TABLE circular;
