"""Sums of orders by month and region."""

import pandas as pd


def read(path: str) -> pd.DataFrame:
    """Read orders with the columns date, region, amount."""
    return pd.read_csv(path, parse_dates=["date"])


def monthly(orders: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each month and one column for each region."""
    month = orders["date"].dt.to_period("M")
    return orders.pivot_table(index=month, columns="region", values="amount", aggfunc="sum", fill_value=0)
