"""Where to go next: days proposed, agreed, moved or declined, and why each is where it is."""
