DROP TABLE data_directory;
DROP TABLE mail_outbox;
DROP TABLE monthly_report;
DROP TABLE evidence;
DROP TABLE activity_day;
DROP TABLE activity;
