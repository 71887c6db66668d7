"""The estate: its register on any day, its programme of works and money, its strategy."""
