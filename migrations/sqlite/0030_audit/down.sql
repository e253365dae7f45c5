DROP TABLE audit_case;
DROP TABLE audit_chunk;
DROP TABLE audit_stratum;
DROP TABLE audit_agency;
DROP TABLE audit;
