"""Community visits as a programme: whom it has reached, and who is due."""
