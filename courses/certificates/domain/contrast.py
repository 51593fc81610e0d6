"""How well a text can be told from its ground (WCAG 2.2, success criterion 1.4.3)."""

from typing import Final

# Text of any size, level AA.
ENOUGH: Final = 4.5


def contrast(colour: str, ground: str) -> float:
    """From 1 to 21, whichever of the two is lighter. Raises ValueError for what isn't `#RRGGBB`."""
    lighter, darker = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
