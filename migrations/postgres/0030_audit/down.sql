DROP TABLE audit_case;
DROP TABLE audit_chunk;
DROP TABLE audit_stratum;
DROP TABLE audit_agency;
DROP TABLE audit;
DROP FUNCTION audit_chunk_keep();
DROP FUNCTION audit_keep();
DROP FUNCTION audit_stratum_keep();
