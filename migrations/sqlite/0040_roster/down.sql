DROP TABLE roster_day;
DROP TABLE roster_entry;
DROP TABLE roster;
