-- The service signs in as the owner of its database, never as a superuser: row-level security would not bind one.
CREATE ROLE sherlok LOGIN NOSUPERUSER;
CREATE DATABASE sherlok OWNER sherlok ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
