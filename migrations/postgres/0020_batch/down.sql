DROP TABLE batch_setting;
DROP TABLE batch_chunk;
DROP TABLE batch;
DROP FUNCTION batch_chunk_keep();
DROP FUNCTION batch_keep();
