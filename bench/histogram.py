"""Histograms of lateness, as text and as a picture that needs nothing else: shares of tasks, by how many milliseconds each was late."""
from bisect import bisect_right

BORDERS = [0, 1, 2, 5, 10, 25, 50, 100, 250, 1000]
NAMES = ["< 0", "0", "1", "2–5", "5–10", "10–25", "25–50", "50–100", "100–250", "250–1000", "≥ 1000"]
BAR = 24

WIDTH = 820
LEFT = 96
RIGHT = 24
TOP = 64
PANEL = 132
GAP = 52
BOTTOM = 64
STYLE = """
    .paper { fill: #ffffff } .bar { fill: #2563a8 } .axis { stroke: #8a919b; stroke-width: 1 } .grid { stroke: #dfe3e8; stroke-width: 1 }
    text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-size: 16px; font-weight: 600 } .name { font-weight: 600 }
    .faint { fill: #57606a } .middle { text-anchor: middle } .end { text-anchor: end }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117 } .bar { fill: #6cb0f5 } .axis { stroke: #6e7681 } .grid { stroke: #262c34 }
      text { fill: #e6edf3 } .faint { fill: #9da7b3 }
    }
  """


def shares(values):
    """Per cent of the values in each bucket."""
    counts = [0] * len(NAMES)
    for value in values:
        counts[bisect_right(BORDERS, value)] += 1
    return [100 * count / max(1, len(values)) for count in counts]


def write(lates):
    """Prints them side by side; lates: whole milliseconds by name."""
    print("\nlate by ms  " + "  ".join(f"{name:{BAR + 6}}" for name in lates))
    for name, *row in zip(NAMES, *map(shares, lates.values())):
        cells = [f"{share:4.0f}% " + "█" * round(share / 100 * BAR) for share in row]
        print((f"{name:>10}  " + "  ".join(f"{cell:{BAR + 6}}" for cell in cells)).rstrip())


def text(x, y, words, kind=""):
    return f'<text x="{x:.0f}" y="{y:.0f}"' + (f' class="{kind}"' if kind else "") + f">{words}</text>"


def panel(name, values, top):
    """One histogram: its bars, and an axis from 0 to 100 per cent."""
    step = (WIDTH - LEFT - RIGHT) / len(NAMES)
    middle = sorted(values)[len(values) // 2] if values else 0
    drawn = [text(LEFT, top - 22, f"{name}: {len(values)} tasks, half of them at most {middle} ms late", "name")]
    for mark in (0, 50, 100):
        y = top + PANEL * (1 - mark / 100)
        drawn.append(f'<line x1="{LEFT}" y1="{y:.0f}" x2="{WIDTH - RIGHT}" y2="{y:.0f}" class="{"axis" if mark == 0 else "grid"}"/>')
        drawn.append(text(LEFT - 8, y + 4, f"{mark} %", "end faint"))
    for number, share in enumerate(shares(values)):
        x, height = LEFT + number * step, PANEL * share / 100
        if share:
            drawn.append(f'<rect x="{x + 4:.1f}" y="{top + PANEL - height:.1f}" width="{step - 8:.1f}" height="{height:.1f}" class="bar"/>')
            drawn.append(text(x + step / 2, top + PANEL - height - 4, f"{share:.0f}" if share >= 0.5 else "&lt; 1", "middle faint"))
    return drawn


def draw(lates, path):
    """Writes them below each other as SVG, readable on light and on dark pages."""
    height = TOP + len(lates) * (PANEL + GAP) + BOTTOM
    step = (WIDTH - LEFT - RIGHT) / len(NAMES)
    bottom = TOP + GAP + len(lates) * (PANEL + GAP) - GAP
    drawn = [text(LEFT, 30, "How late tasks run", "title"),
             text(LEFT, 50, "share of the tasks in per cent, by the time from a task's time to just before its request is sent", "faint")]
    for number, (name, values) in enumerate(lates.items()):
        drawn += panel(name, values, TOP + GAP + number * (PANEL + GAP))
    for number, name in enumerate(NAMES):
        drawn.append(text(LEFT + (number + 0.5) * step, bottom + 20, name.replace("<", "&lt;"), "middle"))
    drawn.append(text(LEFT + (WIDTH - LEFT - RIGHT) / 2, bottom + 44, "late by, milliseconds (whole; 2–5 is 2 and more, less than 5)", "middle faint"))
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img"'
                   f' aria-labelledby="title">\n  <title id="title">Histograms of lateness in milliseconds: {", ".join(lates)}</title>\n'
                   f"  <style>{STYLE}</style>\n  <rect width=\"{WIDTH}\" height=\"{height}\" class=\"paper\"/>\n  "
                   + "\n  ".join(drawn) + "\n</svg>\n")
