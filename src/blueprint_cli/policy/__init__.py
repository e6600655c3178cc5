"""Policy as data: archetypes, reference blueprints, checks and tracks, in layers, and the plan that they make."""
