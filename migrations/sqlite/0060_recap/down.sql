DROP TABLE absence_notice;
DROP TABLE absence_watch;
DROP TABLE correction;
DROP TABLE recap_line;
DROP TABLE recap_version;
DROP TABLE recap_setting;
DROP TABLE instance_run;
DROP TABLE outage;
