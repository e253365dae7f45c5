DROP TABLE activation_code;
DROP TABLE sign_in_failure;
DROP TABLE known_device;
DROP TABLE browser_session;
DROP TABLE refresh_token;
DROP TABLE session;
DROP TABLE role_grant;
DROP TABLE account;
