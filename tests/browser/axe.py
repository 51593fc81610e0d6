"""axe-core on a page: WCAG 2.0 to 2.2, levels A and AA, and its best practices."""

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


@dataclass(frozen=True)
class AxeFindings:
    """violations: one line each, with the first places. passes: how many rules were met."""

    violations: list[str]
    passes: int


def run_axe(page: Page, *, within: str | None = None) -> AxeFindings:
    """`within`: a selector, for a page of which only a part is ours."""
    response = Axe().run(page, context=within, options=OPTIONS).response
    lines = []
    for violation in response["violations"]:
        places = "; ".join(f"{node['target'][0]} {node['html'][:160]}" for node in violation["nodes"][:3])
        lines.append(f"{violation['id']} ({violation['impact']}, {len(violation['nodes'])}): {places}")
    return AxeFindings(lines, len(response["passes"]))
