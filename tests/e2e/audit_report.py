#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What an HTML parser that is not ours says of a report of `lightseed audit`.

audit_report.py page PAGE JSON               tags, headings, tables, data of plots, colours, the policy, every p-value of the JSON
audit_report.py source PAGE JSON             likewise of a source: its raw samples, estimators and health
audit_report.py drawn PAGE DOM               a browser drew every plot with all of its marks, and else found the same page
audit_report.py picture PAGE PNG light|dark  the picture has the page's paper and the marks of its plots
audit_report.py network LOG [ADDRESS…]       what the browser asked the network for: these and nothing else
"""
import base64
import collections
import hashlib
import html.parser
import json
import re
import sys

import PIL.Image

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(html.parser.HTMLParser):
    """Every element, in order; closing tags must match. Words are those of no script."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.words = [], [], []
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), f"{tag}: an attribute comes twice"
        self.elements.append((tag, dict(attributes), list(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        raise AssertionError(f"<{tag}/> is no HTML")

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]} at {self.getpos()}"
        self.open.pop()

    def handle_data(self, data):
        if self.open[-1:] != ["script"]:
            self.words.append(data)

    def of(self, tag):
        return [attributes for name, attributes, _ in self.elements if name == tag]


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palettes(text):
    """The colours in light, in dark, and on paper."""
    found = [dict(re.findall(r"--(\w+): (#\w+)", rule)) for rule in re.findall(r":root \{([^}]*)\}", text)]
    assert len(found) == 3 and len({tuple(colours.items()) for colours in found}) == 3
    return found


def check_colours(text):
    for palette in palettes(text):
        for ground in ("paper", "card"):
            for name in ("ink", "faint", "good", "bad", "notice"):
                assert contrast(palette[name], palette[ground]) >= 4.5, (name, ground, palette)
        for ground in ("paper", "band"):  # what is drawn: WCAG 2.2, 1.4.11
            for name in ("mark", "second", "bad"):
                assert contrast(palette[name], palette[ground]) >= 3, (name, ground, palette)
    for query in ("@media (prefers-color-scheme: dark)", "@media print"):
        assert query in text, query


def scripts(text):
    """The data of all plots by the id of their figure, and the one script that runs."""
    figures = {name: json.loads(data) for name, data in re.findall(
        r'<figure id="([^"]*)" data-plot=(?:(?!</figure>).)*?<script type="application/json">(.*?)</script>', text, re.S)}
    running = re.findall(r"<script>(.*?)</script>", text, re.S)
    assert len(running) == 1 and len(re.findall("<script", text)) == len(figures) + 1
    return figures, running[0]


def check_policy(page, script):
    """Nothing is loaded or sent, and what runs is the script of this digest."""
    policy = [meta["content"] for meta in page.of("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(script.encode("ascii")).digest()).decode("ascii")
    assert policy == [f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; form-action 'none'; "
                      "base-uri 'none'"], policy


def check_structure(page):
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)), "an id comes twice"
    for tag, attributes, _ in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on") and name not in ("src", "href", "style", "action"), (tag, name)
            assert value is not None, (tag, name)
        for relation in ("aria-labelledby", "aria-describedby"):
            for name in attributes.get(relation, "").split():
                assert name in ids, f"{name} says what something is and is not there"
    tags = {tag for tag, _, _ in page.elements}
    assert not tags & {"svg", "img", "iframe", "object", "embed", "link", "form", "a", "base"}, tags
    assert page.of("html")[0]["lang"] == "en" and page.of("meta")[0]["charset"] == "utf-8"
    assert len(page.of("title")) == 1
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:])), levels
    assert all(attributes.get("scope") in ("col", "row") for attributes in page.of("th"))


def tables_of(text):
    """Numbers in the cells of each folded table, by its summary and where it begins."""
    return [(match.start(), match[1], [float(cell) for cell in re.findall(r"<td>([-+.e\d]+)</td>", match[2])])
            for match in re.finditer(r"<summary>([^<]*)</summary>(.*?)</details>", text, re.S)]


def check_tables(text):
    tables = re.findall(r"<table>(.*?)</table>", text, re.S)
    assert len(tables) > 5
    for table in tables:
        widths = [len(re.findall(r"<t[hd]\b", row)) for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)]
        assert widths and max(widths) == widths[0] and min(widths) > 0, widths


def same_numbers(drawn, told):
    """What a plot draws is what its table tells, to six digits."""
    assert len(drawn) == len(told) and all(abs(a - b) <= 5.1e-6 * max(abs(a), abs(b)) for a, b in zip(drawn, told)), \
        (drawn[:5], told[:5])


def table_in(text, figure, summary):
    begin = text.index(f'<figure id="{figure}" ')
    found = [numbers for at, name, numbers in tables_of(text) if begin < at < text.index("</figure>", begin) and summary in name]
    assert len(found) == 1, (figure, summary)
    return found[0]


def check_figures(page, figures):
    boxes = [attributes for attributes in page.of("div") if attributes.get("class", "").startswith("plot ")]
    assert len(figures) == len(page.of("figure")) == len(boxes) > 0
    for box in boxes:
        assert box["role"] == "img" and box["aria-labelledby"].endswith("-title") and box["aria-describedby"].endswith("-text")


def check_plots(text, figures, suites):
    for suite in suites:
        tests = [test for test in suite["tests"] if "p" in test]
        p = sorted(value for test in tests for value in test["p"] if value is not None)
        if len(p) < 2:
            continue
        step = (len(p) + 1999) // 2000
        same_numbers(figures[suite["id"] + "-sorted"]["points"], p[::step])
        tenths = figures[suite["id"] + "-tenths"]["heights"]
        assert tenths == [sum(item["bins"][k] for test in tests for item in test["items"]) for k in range(10)]
        same_numbers(tenths, table_in(text, suite["id"] + "-tenths", "in each tenth"))
        assert (suite["id"] + "-proportions" in figures) == (suite["sequences"] > 1)
        if suite["sequences"] > 1:
            same_numbers(figures[suite["id"] + "-proportions"]["points"],
                         table_in(text, suite["id"] + "-proportions", "proportion of each statistic"))
    pooled = {test["id"]: test for suite in suites if suite["id"] == "pooled" for test in suite["tests"]}
    if not pooled:
        return
    counts = list(pooled["byte-histogram"]["figures"].values())
    assert len(counts) == 256
    same_numbers(figures["byte-values"]["points"], counts)
    for figure, summary, points in (("byte-values", "count of each byte value", 256),
                                    ("autocorrelation", "correlation at each distance", 1024),
                                    ("spectrum", "power at each 1024th", 513)):
        assert len(figures[figure]["points"]) == points
        same_numbers(figures[figure]["points"], table_in(text, figure, summary))


def read_page(path):
    text = open(path, "rb").read().decode("utf-8")
    figures, script = scripts(text)
    others = text.replace(script, "")
    for outside in ("http:", "https:", "//", "@import", "url(", "javascript:"):
        assert outside not in others, outside
    assert not [c for c in text if ord(c) < 32 and c not in "\t\n"], "a control character"
    page = Page(text)
    check_structure(page)
    check_policy(page, script)
    check_figures(page, figures)
    check_tables(others)
    check_colours(others)
    return others, page, figures


def check_page(path, json_path):
    text, page, figures = read_page(path)
    audit = json.load(open(json_path, encoding="utf-8"))["audit"]
    check_plots(text, figures, audit["suites"])
    cells = collections.Counter(re.findall(r"<td>([^<]*)</td>", text))
    wanted = collections.Counter(
        f"{p:.6f}" if p >= 1e-4 or p == 0 else f"{p:.2e}"
        for suite in audit["suites"] for test in suite["tests"] for p in test.get("p", []) + test.get("q", [])
        if p is not None)
    missing = wanted - cells
    assert not missing, f"p-values without a cell: {missing}"
    outcome = audit["verdict"]["outcome"].upper().replace("-", " ")
    words = " ".join("".join(page.words).split())
    assert words.index(f"{outcome}: ") < words.index("What was audited")
    assert audit["sha256"] in words


def check_source(path, json_path):
    check_page(path, json_path)
    text, _, figures = read_page(path)
    whole = json.load(open(json_path, encoding="utf-8"))
    raw, history, entropy = whole["raw"], whole["health_history"], whole["evidence"]["entropy"]
    same_numbers(figures["raw-samples"]["heights"], raw["histogram"])
    same_numbers(figures["raw-samples"]["expected"], raw["expected"])
    assert sum(raw["histogram"]) == raw["samples"] == entropy["measured"]["details"]["samples"]
    told = table_in(text, "raw-samples", "each range of codes")
    same_numbers([n for pair in zip(raw["histogram"], raw["expected"]) for n in pair], told)
    # A million samples of a healthy model, against the model itself.
    apart = sum(abs(a - b) for a, b in zip(raw["histogram"], raw["expected"])) / (2 * raw["samples"])
    assert apart < 0.01, apart
    estimates = [e for e in entropy["measured"]["details"]["estimators"] if e.get("min_entropy") is not None]
    width = entropy["measured"]["details"]["bits"]
    wanted = [e["min_entropy"] * (width if e["data"] == "bitstring" else 1) for e in estimates]
    same_numbers([bar[1] for bar in figures["estimators"]["bars"]], wanted)
    binding = [bar for bar in figures["estimators"]["bars"] if bar[3]]
    assert len(binding) == 1 and abs(binding[0][1] - min(wanted)) < 1e-5
    same_numbers(wanted, table_in(text, "estimators", "every estimate"))
    health = figures["health"]
    assert health["tests"] == [test["id"] for test in history["tests"]] and health["right"] == history["samples"]
    same_numbers([r[3] for r in health["readings"]],
                 [value for test in history["tests"] for _, value in test.get("readings", [])])
    assert len(health["readings"]) > 10 and all(0 <= r[2] <= 1 for r in health["readings"])
    assert len(health["alarms"]) == sum(len(test["alarms"]) for test in history["tests"])
    alarms = whole["evidence"]["health"]["alarms"]
    assert sorted(alarm["sample"] for alarm in alarms) == sorted(alarm[1] for alarm in health["alarms"])
    assert bool(alarms) == ("ended" in whole["audit"])


def runs_of_ones(digits, width):
    bits = "".join(f"{int(digit, 16):04b}" for digit in digits)
    return sum(len(re.findall("1+", bits[at : at + width])) for at in range(0, len(bits), width))


def marks_wanted(data):
    """How many marks of each layer a plot has: by the name of the layer in Vega-Lite's specification."""
    kind = data["kind"]
    if kind in ("bars", "points"):
        values = {"bars": len(data.get("heights", [])), "points": len(data.get("points", []))}
        return {kind: values[kind], "band": len(data.get("bands", [])), "level": int("level" in data),
                **({"line": int("line" in data)} if kind == "points" else {"expected": len(data.get("expected", []))})}
    if kind == "named":
        return {"bars": len(data["bars"]), "numbers": len(data["bars"]), "level": int("level" in data)}
    if kind == "history":
        return {"band": len(data["tests"]), "names": len(data["tests"]), "points": len(data["readings"]),
                "alarms": len(data["alarms"])}
    assert kind == "squares", kind
    return {"squares": len(data["hex"]) // 2 if "shades" in data else runs_of_ones(data["hex"], data["right"])}


class Drawing(html.parser.HTMLParser):
    """Children of each named group of marks below each figure's box; the rest of the page as it is without the boxes."""

    VOID_TAGS = VOID

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.figure, self.box = [], None, None
        self.marks, self.boxes, self.drawings, self.titles = {}, {}, collections.Counter(), collections.defaultdict(list)
        self.tags, self.words = collections.Counter(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        names = attributes.get("class", "").split()
        inside = self.box is not None
        if tag == "figure":
            self.figure = attributes["id"]
            self.marks[self.figure] = collections.Counter()
        if inside:
            self.drawings[self.figure] += tag == "svg"
            if tag in ("form", "canvas"):
                raise AssertionError(f"{self.figure}: a {tag}")
            group = self.open[-1][1] if self.open else None
            if group is not None:
                self.marks[self.figure][group] += 1
        else:
            self.tags[tag] += 1
        layer = next((name[: -len("_marks")] for name in names if name.endswith("_marks")), None) if inside else None
        if tag not in self.VOID_TAGS:
            self.open.append((tag, layer))
        if "plot" in names and tag == "div":
            self.box = len(self.open)
            self.boxes[self.figure] = attributes

    def handle_endtag(self, tag):
        assert self.open and self.open[-1][0] == tag, f"</{tag}> closes {self.open[-1:]}"
        if self.box == len(self.open):
            self.box = None
        self.open.pop()

    def handle_data(self, data):
        if self.box is not None:
            self.titles[self.figure].append(data)
        elif self.open and self.open[-1][0] != "script":
            self.words.append(data)


def check_drawn(path, dom_path):
    ours, theirs = (Drawing(open(name, encoding="utf-8").read()) for name in (path, dom_path))
    figures, _ = scripts(open(path, encoding="utf-8").read())
    assert ours.tags == theirs.tags, (ours.tags - theirs.tags, theirs.tags - ours.tags)
    assert "".join("".join(ours.words).split()) == "".join("".join(theirs.words).split())
    assert set(figures) == set(theirs.boxes)
    for name, data in figures.items():
        assert theirs.drawings[name] == 1, f"{name} is not drawn"
        found, wanted = theirs.marks[name], marks_wanted(data)
        assert {layer: found[layer] for layer in wanted} == wanted, (name, found, wanted)
        box = theirs.boxes[name]
        assert box["role"] == "img" and box["aria-labelledby"] == f"{name}-title" and box["aria-describedby"] == f"{name}-text"
        assert not {"aria-roledescription", "aria-label"} & set(box), box
        words = theirs.titles[name]
        assert not any("is drawn by the page's own script" in word for word in words), name
        for title in ("across", "up"):
            assert data.get(title, "") in words + [""], (name, title, words)


def check_picture(path, picture, scheme):
    palette = palettes(open(path, encoding="utf-8").read())[0 if scheme == "light" else 1]
    palette = {name: "#" + "".join(2 * c for c in colour[1:]) if len(colour) == 4 else colour
               for name, colour in palette.items()}
    with PIL.Image.open(picture) as image:
        all_of_them = image.width * image.height
        colours = {colour: count for count, colour in image.convert("RGB").getcolors(all_of_them)}
    share = {name: colours.get(tuple(bytes.fromhex(colour[1:])), 0) / all_of_them for name, colour in palette.items()}
    assert share["paper"] > 0.5, share
    assert share["mark"] > 0.002, f"no bars and points: {share}"
    assert share["ink"] > 0.0005, f"no text: {share}"


def check_network(path, *wanted):
    """The log names the address of every request; files are not among them."""
    asked = set(re.findall(r'"url":"([^"]*)"', open(path, encoding="utf-8").read()))
    assert asked == set(wanted), asked


{"page": check_page, "source": check_source, "drawn": check_drawn, "picture": check_picture,
 "network": check_network}[sys.argv[1]](*sys.argv[2:])
