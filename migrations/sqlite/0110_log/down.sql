DROP TABLE witnessed_fork;
DROP TABLE witnessed_log;
DROP TABLE log_cosignature;
DROP TABLE log_checkpoint;
DROP TABLE log_tile;
DROP TABLE log_opening;
DROP TABLE log_entry;
DROP TABLE log;
