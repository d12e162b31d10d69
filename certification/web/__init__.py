"""The web application: screens over the store and the use cases; decides nothing itself."""
