-- How often anything has changed that the duties of an agency's people are read from: memberships, homes that count,
-- assignments. Writers of shares keep what they have read of a person while the numbers of that person's agencies stand.
CREATE TABLE duty_epoch (
    agency_code text COLLATE "C" NOT NULL PRIMARY KEY,
    epoch bigint NOT NULL
);
INSERT INTO duty_epoch (agency_code, epoch) SELECT code, 1 FROM agency;

CREATE FUNCTION duty_epoch_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO duty_epoch (agency_code, epoch) VALUES (NEW.code, 1);
    RETURN NULL;
END $$;
CREATE TRIGGER duty_epoch_begin AFTER INSERT ON agency FOR EACH ROW EXECUTE FUNCTION duty_epoch_begin();

-- An assignment counts only for the staff of the agency that made it.
CREATE FUNCTION duty_epoch_of_agency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code IN (SELECT agency_code FROM changed);
    RETURN NULL;
END $$;

-- A membership says which agencies' assignments count, so every agency the person ever belonged to is told.
CREATE FUNCTION duty_epoch_of_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code IN (
        SELECT agency_code FROM changed
        UNION SELECT agency_code FROM membership WHERE employee_id IN (SELECT employee_id FROM changed));
    RETURN NULL;
END $$;

-- A home that nobody has verified yet is read by nobody who judges.
CREATE FUNCTION duty_epoch_of_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE duty_epoch SET epoch = epoch + 1 WHERE agency_code IN (
        SELECT agency_code FROM membership
        WHERE employee_id IN (SELECT employee_id FROM changed WHERE valid_from IS NOT NULL));
    RETURN NULL;
END $$;

CREATE TRIGGER duty_epoch_insert AFTER INSERT ON assignment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_agency();
CREATE TRIGGER duty_epoch_update_old AFTER UPDATE ON assignment
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_agency();
CREATE TRIGGER duty_epoch_update_new AFTER UPDATE ON assignment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_agency();
CREATE TRIGGER duty_epoch_delete AFTER DELETE ON assignment
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_agency();

CREATE TRIGGER duty_epoch_insert AFTER INSERT ON membership
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_member();
CREATE TRIGGER duty_epoch_update_old AFTER UPDATE ON membership
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_member();
CREATE TRIGGER duty_epoch_update_new AFTER UPDATE ON membership
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_member();
CREATE TRIGGER duty_epoch_delete AFTER DELETE ON membership
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_member();

CREATE TRIGGER duty_epoch_insert AFTER INSERT ON home
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_home();
CREATE TRIGGER duty_epoch_update_old AFTER UPDATE ON home
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_home();
CREATE TRIGGER duty_epoch_update_new AFTER UPDATE ON home
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_home();
CREATE TRIGGER duty_epoch_delete AFTER DELETE ON home
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION duty_epoch_of_home();
