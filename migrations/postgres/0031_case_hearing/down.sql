DROP TABLE case_reminder;
DROP TABLE case_objection;
DROP TABLE case_evidence;
DROP TABLE second_review;
