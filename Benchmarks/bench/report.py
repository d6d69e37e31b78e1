"""Results as text."""

import statistics


def lines(row, result):
    yield f"{row.name}: {row.title}"
    for name, contender in result.get("contenders", {}).items():
        yield "  " + contender_line(name, contender, row.unit, result["ratios"].get(name))
    for text in result.get("lines", []):
        yield f"  {text}"
    for target in result.get("targets", []):
        yield "  → " + target_line(target)
    for note in result.get("notes", []):
        yield f"  note: {note}"


def contender_line(name, contender, unit, ratio):
    seconds = contender["seconds"]
    if unit == "ms":
        figures = [1e3 * value for value in seconds]
    else:
        figures = [1 / value for value in seconds]
    text = f"{name:22} {figure(statistics.median(figures)):>7} {unit} ({figure(min(figures))}…{figure(max(figures))})"
    if "peak_bytes" in contender:
        text += f", {contender['peak_bytes'] / 1e9:.2f} GB"
    if ratio:
        text += f"; sentry {ratio['median']:.2f}× ({ratio['least']:.2f}…{ratio['most']:.2f})"
    return text


def target_line(target):
    value, unit, sign = target["value"], target["unit"], "≤" if target["ceiling"] else "≥"
    digits = 2 if abs(value["median"]) < 20 else 0
    return (f"{target['what']}: {value['median']:.{digits}f}{unit} ({value['least']:.{digits}f}…{value['most']:.{digits}f}), "
            f"wanted {sign} {target['least']}{unit}, aim {target['aim']}{unit}: {target['verdict']}")


def figure(value):
    return f"{value:.1f}" if value < 1000 else f"{value:,.0f}"
