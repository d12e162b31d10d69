"""The planner's screens: plans, budgets, what-if and scenarios; they read and simulate, they record no fact."""
