"""The linter on top of the core: files of mailboxes -> findings."""
