"""Looking: what waits for whom, where every unit stands and why; decides and changes nothing."""
