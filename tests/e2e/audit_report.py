#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an HTML parser that is not ours says of a report of `lightseed audit`.

audit_report.py page PAGE JSON               tags, headings, tables, plots, colours, every p-value of the JSON
audit_report.py same PAGE DOM                a browser found the same elements and the same text
audit_report.py picture PAGE PNG light|dark  the picture has the page's paper and the marks of its plots
"""
import collections
import html.parser
import json
import re
import struct
import sys
import zlib

VOID = {"meta", "br", "hr", "img", "input", "link"}
SVG = {"svg", "title", "desc", "path", "rect", "line", "text"}


class Page(html.parser.HTMLParser):
    """Every element, in order; closing tags must match."""

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
        assert "svg" in self.open and tag in SVG, f"<{tag}/> is no HTML"
        self.elements.append((tag, dict(attributes), list(self.open)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]} at {self.getpos()}"
        self.open.pop()

    def handle_data(self, data):
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
        for name in ("ink", "faint", "good", "bad", "notice"):
            assert contrast(palette[name], palette["paper"]) >= 4.5, (name, palette)
        for ground in ("paper", "band"):  # what is drawn: WCAG 2.2, 1.4.11
            assert contrast(palette["mark"], palette[ground]) >= 3, (ground, palette)
    for query in ("@media (prefers-color-scheme: dark)", "@media print"):
        assert query in text, query


def check_structure(page):
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)), "an id comes twice"
    for tag, attributes, _ in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on") and name not in ("src", "href", "style", "action"), (tag, name)
            assert value is not None, (tag, name)
        for name in attributes.get("aria-labelledby", "").split():
            assert name in ids, f"{name} labels something and is not there"
    tags = {tag for tag, _, _ in page.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "link", "form", "a", "base"}, tags
    assert page.of("html")[0]["lang"] == "en" and page.of("meta")[0]["charset"] == "utf-8"
    assert sum(tag == "title" and "svg" not in above for tag, _, above in page.elements) == 1
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:])), levels
    assert all(attributes.get("scope") in ("col", "row") for attributes in page.of("th"))


def check_tables(text):
    tables = re.findall(r"<table>(.*?)</table>", text, re.S)
    assert len(tables) > 10
    for table in tables:
        widths = [len(re.findall(r"<t[hd]\b", row)) for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)]
        assert widths and max(widths) == widths[0] and min(widths) > 0, widths


def check_plots(page, text, suites):
    figures = dict(re.findall(r'<figure id="([^"]*)">(.*?)</figure>', text, re.S))
    assert len(figures) == len(page.of("svg")) == len(page.of("figure"))
    assert all(svg["role"] == "img" and len(svg["aria-labelledby"].split()) == 2 for svg in page.of("svg"))
    for suite in suites:
        p = [value for test in suite["tests"] for value in test.get("p", []) if value is not None]
        if len(p) < 2:
            continue
        step = (len(p) + 1999) // 2000
        assert figures[suite["id"] + "-sorted"].count("h0") == (len(p) + step - 1) // step
        assert figures[suite["id"] + "-tenths"].count('class="bar"') == 10
        assert (suite["id"] + "-proportions" in figures) == (suite["sequences"] > 1)
    assert figures["byte-values"].count('class="bar"') == 256
    assert figures["autocorrelation"].count("h0") == 1024 and figures["spectrum"].count("h0") == 513


def check_page(path, json_path):
    text = open(path, "rb").read().decode("utf-8")
    audit = json.load(open(json_path, encoding="utf-8"))["audit"]
    for outside in ("http:", "https:", "//", "@import", "url(", "<script", "javascript:"):
        assert outside not in text, outside
    assert not [c for c in text if ord(c) < 32 and c != "\n"], "a control character"
    page = Page(text)
    check_structure(page)
    check_tables(text)
    check_colours(text)
    check_plots(page, text, audit["suites"])
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


def check_same(path, dom_path):
    # The browser writes <path …></path> for <path …/>, and otherwise what it was given.
    ours, theirs = (Page(open(name, encoding="utf-8").read()) for name in (path, dom_path))
    tags = [collections.Counter(tag for tag, _, _ in page.elements) for page in (ours, theirs)]
    assert tags[0] == tags[1], tags
    assert "".join("".join(ours.words).split()) == "".join("".join(theirs.words).split())


def pixels(path):
    """How often each colour comes in a PNG of 8 bits a channel."""
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, depth, form, _, _, interlaced = struct.unpack(">IIBBBBB", chunk)
        if kind == b"IDAT":
            packed += chunk
        at += size + 12
    assert depth == 8 and form in (2, 6) and not interlaced
    step = 3 if form == 2 else 4
    raw, stride = zlib.decompress(packed), width * step
    above, colours = bytearray(stride), collections.Counter()
    for y in range(height):
        filter_of_row, row = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1 : (y + 1) * (stride + 1)])
        for x in range(stride):
            left = row[x - step] if x >= step else 0
            corner = above[x - step] if x >= step else 0
            if filter_of_row == 1:
                row[x] = (row[x] + left) & 255
            elif filter_of_row == 2:
                row[x] = (row[x] + above[x]) & 255
            elif filter_of_row == 3:
                row[x] = (row[x] + (left + above[x]) // 2) & 255
            elif filter_of_row == 4:
                guess = left + above[x] - corner
                near = min((left, above[x], corner), key=lambda c: abs(guess - c))
                row[x] = (row[x] + near) & 255
        colours.update(bytes(row[x : x + 3]) for x in range(0, stride, step))
        above = row
    return colours


def check_picture(path, picture, scheme):
    palette = palettes(open(path, encoding="utf-8").read())[0 if scheme == "light" else 1]
    palette = {name: "#" + "".join(2 * c for c in colour[1:]) if len(colour) == 4 else colour
               for name, colour in palette.items()}
    colours = pixels(picture)
    all_of_them = sum(colours.values())
    share = {name: colours[bytes.fromhex(colour[1:])] / all_of_them for name, colour in palette.items()}
    assert share["paper"] > 0.5, share
    assert share["mark"] > 0.002, f"no bars and points: {share}"
    assert share["ink"] > 0.0005, f"no text: {share}"


{"page": check_page, "same": check_same, "picture": check_picture}[sys.argv[1]](*sys.argv[2:])
