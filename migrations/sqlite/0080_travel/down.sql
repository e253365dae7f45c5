DROP TABLE region_outline_set;
DROP TABLE region_outline;
DROP TABLE travel_day;
DROP TABLE duty_travel;
