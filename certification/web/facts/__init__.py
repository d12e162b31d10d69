"""The screens on which a unit enters its facts and proves them."""
