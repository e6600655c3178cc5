"""What a policy may require of an engagement: a kind of condition is code, a check, cadence or signal is data."""
