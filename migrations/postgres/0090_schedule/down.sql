DROP TABLE schedule_start;
DROP TABLE work_schedule;
