"""Titles of pages."""

import requests
from bs4 import BeautifulSoup


def title_in(html: str, otherwise: str) -> str:
    """Return what a page calls itself."""
    found = BeautifulSoup(html, "html.parser").title
    return found.get_text(strip=True) if found else otherwise


def title_of(url: str) -> str:
    """Return the title of the page at an address, or the address."""
    try:
        answer = requests.get(url, timeout=5)
    except requests.RequestException:
        return url
    return title_in(answer.text, url)
