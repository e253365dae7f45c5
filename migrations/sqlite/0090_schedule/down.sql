DROP TABLE person_mark;
DROP TABLE schedule_start;
DROP TABLE work_schedule;
