"""What a change did to engagements and to the policy that judges them."""
