"""The public doors that Holdfast grew from: EXEC-001, EXEC-002 and EXEC-004. Thin; nothing else imports them."""
