"""Sales by month and region, from a table of orders."""
