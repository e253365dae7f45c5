DROP TABLE membership;
DROP TABLE employee_number;
DROP TABLE employee;
DROP TABLE unit;
DROP TABLE agency;
