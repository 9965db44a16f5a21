-- The mail that a TOKEN went out with: staff sees whether it was delivered.
ALTER TABLE invitations ADD COLUMN mail_id UUID;
