DROP TABLE batch_proof;
DROP TABLE dispatch;
DROP TABLE received_dispatch;
DROP TABLE federated_agency;
