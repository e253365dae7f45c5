DROP TABLE letter_counter;
DROP TABLE letter_number;
DROP TABLE letter;
DROP TABLE leave_day;
DROP TABLE leave_request;
DROP TABLE leave_entry;
DROP TABLE leave_account;
DROP TABLE rule_table;
