"""What things cost."""

PRICES = {"apple": 0.4, "bread": 2.9, "cheese": 4.75}


def total(basket: dict[str, str]) -> float:
    """Return the price of all things together; what is unknown costs nothing."""
    return round(sum(PRICES.get(thing, 0) * int(count) for thing, count in basket.items()), 2)
