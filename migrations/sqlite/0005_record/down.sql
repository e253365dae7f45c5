DROP TABLE idempotency;
DROP TABLE account_notice;
DROP TABLE notice;
DROP TABLE disclosure;
DROP TABLE event;
