"""Pieces of SVG that all charts are made of: no script, no style attribute, no colour that means anything."""

from __future__ import annotations

from html import escape


def picture(name: str, title: str, about: str, width: int, height: int, content: str) -> str:
    """Wrap a chart that fills the width of its place, named and described for those who do not see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="site-chart" width="100%" '
        f'viewBox="0 0 {width} {height}" font-size="12" fill="currentColor" '
        f'aria-labelledby="{name}-title {name}-about">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-about">{escape(about)}</desc>{content}</svg>'
    )


def rule(x1: float, y1: float, x2: float, y2: float, width: float = 1, faint: bool = False, dashes: str = "") -> str:
    """Draw a straight line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    opacity = ' stroke-opacity="0.3"' if faint else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="currentColor" stroke-width="{width:g}"{dashed}{opacity}/>'


def words(x: float, y: float, text: str, anchor: str = "start", size: int = 12, bold: bool = False) -> str:
    """Write a line of text."""
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{weight}>{escape(text)}</text>'


def stripes(name: str) -> str:
    """Define a hatching, for what is not shown."""
    return (
        f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line x1="0" y1="0" x2="0" y2="6" stroke="currentColor" stroke-width="1.5"/></pattern></defs>'
    )
