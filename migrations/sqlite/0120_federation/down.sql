DROP TABLE received_verdict;
DROP TABLE batch_proof;
DROP TABLE dispatch;
DROP TABLE sealed_opening;
DROP TABLE received_dispatch;
DROP TABLE federated_agency;
