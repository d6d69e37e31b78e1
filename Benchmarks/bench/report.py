"""Results as text."""

import statistics

from . import breakdown


def lines(row, result):
    yield f"{row.name}: {row.title} ({result['level']})"
    for name, contender in result.get("contenders", {}).items():
        yield "  " + contender_line(name, contender, row.unit, result["ratios"].get(name))
    for text in result.get("lines", []):
        yield f"  {text}"
    for target in result.get("targets", []):
        yield "  → " + target_line(target)
    for title, parts in result.get("profiles", {}).items():
        for text in breakdown.lines(title, parts):
            yield f"  {text}"
    for note in result.get("notes", []):
        yield f"  note: {note}"


def summary(results):
    """A table in Markdown of what was to be reached, for a note to carry."""
    yield "| row | level | figure | wanted | aim | verdict |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, result in results.items():
        for target in result.get("targets", []):
            verdict = target["verdict"] + (f": {target['why']}" if "why" in target else "")
            figure = f"{target['what']}: {measured(target)}"
            yield table_row(name, result["level"], figure, bound(target, "least"), bound(target, "aim"), verdict)
        if "failed" in result:
            yield table_row(name, result["level"], "–", "–", "–", f"not measured: {result['failed']}")


def table_row(*cells):
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


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
    if "value" not in target:
        return f"{target['what']}: {target['verdict']}: {target['why']}"
    why = f" ({target['why']})" if "why" in target else ""
    return (f"{target['what']}: {measured(target)}, wanted {bound(target, 'least')}, aim {bound(target, 'aim')}: "
            f"{target['verdict']}{why}")


def measured(target):
    """A judged figure with its spread over the rounds."""
    if "value" not in target:
        return "–"
    value, unit = target["value"], target["unit"]
    digits = 2 if abs(value["median"]) < 20 else 1
    return f"{value['median']:.{digits}f}{unit} ({value['least']:.{digits}f}…{value['most']:.{digits}f})"


def bound(target, which):
    return f"{'≤' if target['ceiling'] else '≥'} {target[which]}{target['unit']}"


def figure(value):
    return f"{value:.1f}" if value < 1000 else f"{value:,.0f}"
