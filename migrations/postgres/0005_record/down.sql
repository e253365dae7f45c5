DROP TABLE idempotency;
DROP TABLE notice;
DROP TABLE disclosure;
DROP TABLE event;
