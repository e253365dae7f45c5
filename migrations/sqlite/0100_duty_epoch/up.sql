-- How often anything has changed that the duties of an agency's people are read from: memberships, homes that count,
-- assignments. Writers of shares keep what they have read of a person while the numbers of that person's agencies stand.
CREATE TABLE duty_epoch (
    agency_code TEXT NOT NULL PRIMARY KEY,
    epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO duty_epoch (agency_code, epoch) SELECT code, 1 FROM agency;

CREATE TRIGGER duty_epoch_begin AFTER INSERT ON agency BEGIN
    INSERT INTO duty_epoch (agency_code, epoch) VALUES (NEW.code, 1);
END;

-- An assignment counts only for the staff of the agency that made it.
CREATE TRIGGER duty_epoch_assignment_insert AFTER INSERT ON assignment BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code = NEW.agency_code;
END;
CREATE TRIGGER duty_epoch_assignment_update_old AFTER UPDATE ON assignment WHEN OLD.agency_code <> NEW.agency_code BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code = OLD.agency_code;
END;
CREATE TRIGGER duty_epoch_assignment_update_new AFTER UPDATE ON assignment BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code = NEW.agency_code;
END;
CREATE TRIGGER duty_epoch_assignment_delete AFTER DELETE ON assignment BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code = OLD.agency_code;
END;

-- A membership says which agencies' assignments count, so every agency the person ever belonged to is told.
CREATE TRIGGER duty_epoch_membership_insert AFTER INSERT ON membership BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code = NEW.agency_code OR agency_code IN
        (SELECT agency_code FROM membership WHERE employee_id = NEW.employee_id);
END;
CREATE TRIGGER duty_epoch_membership_update_old AFTER UPDATE ON membership BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code = OLD.agency_code OR agency_code IN
        (SELECT agency_code FROM membership WHERE employee_id = OLD.employee_id);
END;
CREATE TRIGGER duty_epoch_membership_update_new AFTER UPDATE ON membership BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code = NEW.agency_code OR agency_code IN
        (SELECT agency_code FROM membership WHERE employee_id = NEW.employee_id);
END;
CREATE TRIGGER duty_epoch_membership_delete AFTER DELETE ON membership BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code = OLD.agency_code OR agency_code IN
        (SELECT agency_code FROM membership WHERE employee_id = OLD.employee_id);
END;

-- A home that nobody has verified yet is read by nobody who judges.
CREATE TRIGGER duty_epoch_home_insert AFTER INSERT ON home WHEN NEW.valid_from IS NOT NULL BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code IN
        (SELECT agency_code FROM membership WHERE employee_id = NEW.employee_id);
END;
CREATE TRIGGER duty_epoch_home_update_old AFTER UPDATE ON home WHEN OLD.valid_from IS NOT NULL BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code IN
        (SELECT agency_code FROM membership WHERE employee_id = OLD.employee_id);
END;
CREATE TRIGGER duty_epoch_home_update_new AFTER UPDATE ON home WHEN NEW.valid_from IS NOT NULL BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code IN
        (SELECT agency_code FROM membership WHERE employee_id = NEW.employee_id);
END;
CREATE TRIGGER duty_epoch_home_delete AFTER DELETE ON home WHEN OLD.valid_from IS NOT NULL BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code IN
        (SELECT agency_code FROM membership WHERE employee_id = OLD.employee_id);
END;
