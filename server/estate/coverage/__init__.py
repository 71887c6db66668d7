"""Who lives how near to a police site, by area, deprivation and rural or urban setting."""
