"""What a policy may ask of an engagement: a kind of condition is code, a check, cadence or signal is data."""
