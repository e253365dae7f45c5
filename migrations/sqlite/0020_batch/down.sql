DROP TABLE batch_setting;
DROP TABLE batch_chunk;
DROP TABLE batch;
