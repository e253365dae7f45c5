DROP TABLE agency_slot_count;
DROP TABLE check_in_aside;
DROP TABLE slot_result;
DROP TABLE check_in_position;
DROP TABLE check_in_receipt;
DROP TABLE check_in;
DROP TABLE data_key;
