"""What the office records of its visits, for staff alone: forms, lists, checklists, follow-ups."""
