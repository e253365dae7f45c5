DROP TABLE audit_case;
DROP TABLE audit_unlisted;
DROP TABLE audit_batch;
DROP TABLE audit_chunk;
DROP TABLE audit_stratum;
DROP TABLE audit_agency;
DROP TABLE audit;
