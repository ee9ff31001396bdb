#!/usr/bin/env python3
"""Makes the fonts of this folder from the packages they come from.

What it needs
    Python 3.9 or later with:  pip install fonttools==4.68.0 brotli==1.2.1
    (the .deb is unpacked with `dpkg-deb`, which every Debian or Ubuntu has)

    npm pack inter-ui@4.1.1              -> inter-ui-4.1.1.tgz
    npm pack material-symbols@0.47.5     -> material-symbols-0.47.5.tgz
    apt-get download fonts-noto-cjk      -> fonts-noto-cjk_1%3a20220127+repack1-1_all.deb
        (Debian 12)

How to run it
    Put the three packages into one folder, then
        python3 make_fonts.py PACKAGES [--out FOLDER] [--only inter|noto|icons]
    Without --out the files beside this script are written anew. The same packages
    and the same fonttools and brotli give the same bytes.

What it makes
    inter.ttc.br              the four weights 400, 500, 600, 700 in one collection, packed
    noto-sans-kr-400.otf.br   packed
    icons.ttf
    OFL-Inter.txt OFL-NotoSansKR.txt Apache-2.0-MaterialSymbols.txt

Every file is read again and checked before the script ends; a failed check stops it.
"""

import argparse
import glob
import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile

import brotli
from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from fontTools.varLib import instancer

# The packages this was written for. Another version is used all the same, with a note.
INTER_TGZ = ("inter-ui-*.tgz", "e392e4d71f18a7c1f23dfecd833d68fa05eeab41862686584e80fd2b5d87e9c0")
ICONS_TGZ = ("material-symbols-[0-9]*.tgz", "163ec5fe93c2c58d3b288394bf32dd3dc177f446b453f4e7b27b2afb10d8124f")
NOTO_DEB = ("fonts-noto-cjk_*.deb", "4a2515eb6db3978b897fef9709ed0d2b1f4c6c4df4d83d6c4ef65f71f1b1f502")


def span(first, last):
    return set(range(first, last + 1))


# --------------------------------------------------------------------------- Inter

INTER_WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}

INTER_UNICODES = (
    span(0x0020, 0x024F)    # Latin, Latin-1, Extended-A and -B
    | span(0x0250, 0x02FF)  # phonetic letters, modifier letters
    | span(0x0300, 0x036F)  # combining marks
    | span(0x0370, 0x03FF)  # Greek
    | span(0x0400, 0x052F)  # Cyrillic and its supplement
    | span(0x1E00, 0x1EFF)  # Latin Extended Additional (Vietnamese)
    | span(0x2000, 0x206F)  # general punctuation
    | span(0x2070, 0x209F)  # superscripts and subscripts
    | span(0x20A0, 0x20CF)  # currency
    | span(0x2100, 0x218F)  # letterlike symbols, number forms
    | span(0x2190, 0x21FF)  # arrows
    | span(0x2200, 0x22FF)  # mathematical operators
    | span(0x2300, 0x23FF)  # technical signs (keys: U+2318, U+2325 ...)
    | span(0x2460, 0x24FF)  # circled digits and letters
    | span(0x25A0, 0x25FF)  # geometric shapes
    | span(0x2600, 0x27BF)  # symbols, check marks
    | span(0x27F0, 0x27FF)  # long arrows
    | span(0x2B00, 0x2BFF)  # more arrows and shapes
    | {0xFEFF, 0xFFFD}
)

# The signs that get their tabular form as the default one. Inter's `tnum` also widens
# the hyphen to a digit, narrows the space and changes brackets; those stay as they are,
# for running text. Each sign has one width anyway, so columns of figures still align.
TABULAR = "0123456789+\u2212\u00b1\u00d7\u00f7=\u2260<>\u2264\u2265\u2248~"

# --------------------------------------------------------------------------- Noto Sans KR

NOTO_FACE = "Noto Sans CJK KR"


def table_rows(codec, first, last, trail=None):
    """All characters of the rows `first`..`last` of a two-byte character set."""
    chars = set()
    for lead in range(first, last + 1):
        for second in trail or range(0xA1, 0xFF):
            try:
                text = bytes([lead, second]).decode(codec)
            except UnicodeDecodeError:
                continue
            chars |= {ord(c) for c in text}
    return chars


BIG5_TRAIL = list(range(0x40, 0x7F)) + list(range(0xA1, 0xFF))
SJIS_TRAIL = [b for b in range(0x40, 0xFD) if b != 0x7F]

NOTO_UNICODES = (
    span(0x0020, 0x007E) | {0x00A0}
    | span(0x1100, 0x11FF) | span(0xA960, 0xA97F) | span(0xD7B0, 0xD7FF)  # jamo, old jamo
    | span(0x3130, 0x318F)  # compatibility jamo
    | span(0xAC00, 0xD7A3)  # the 11,172 syllables
    | span(0x3000, 0x303F)  # punctuation
    | span(0x3040, 0x30FF) | span(0x31F0, 0x31FF)  # kana
    | span(0x3200, 0x33FF)  # enclosed letters, square units
    | span(0xFE30, 0xFE6F) | span(0xFF00, 0xFFEF)  # compatibility forms, full and half width
    | table_rows("euc_kr", 0xA1, 0xAC)  # KS X 1001, everything but hanja
    | {0xFFFD}
)
NOTO_HAN = (
    table_rows("euc_kr", 0xCA, 0xFD)    # KS X 1001 hanja
    | table_rows("euc_jp", 0xB0, 0xF4)  # JIS X 0208 kanji, levels 1 and 2
    | {c for c in table_rows("cp932", 0xED, 0xEE, SJIS_TRAIL) if 0x4E00 <= c <= 0xFAFF}  # kanji of names (IBM extension)
    | table_rows("gb2312", 0xB0, 0xF7)  # GB 2312 hanzi, levels 1 and 2
    | {c for c in table_rows("big5", 0xA4, 0xC6, BIG5_TRAIL) if 0x4E00 <= c <= 0x9FFF}  # Big5 level 1
    | {ord(c) for c in "\u9555\u5586\u5803\u7957\u65f8\u73a5\u73fa\u70dc\u7fc0\u6609"}  # hanzi of names outside GB 2312
    | {0x20B9F}  # the one joyo kanji outside JIS X 0208 and the sets above
)

# --------------------------------------------------------------------------- icons

ICONS = {
    "search": 0xEF7A, "history": 0xE8B3, "view_agenda": 0xE8E9, "palette": 0xE40A,
    "ios_share": 0xE6B8, "undo": 0xE166, "redo": 0xE15A, "arrow_back": 0xE5C4,
    "arrow_forward": 0xE5C8, "keyboard_command_key": 0xEAE7, "expand_more": 0xE5CF,
    "expand_less": 0xE5CE, "chevron_right": 0xE5CC, "chevron_left": 0xE5CB,
    "table_rows": 0xF101, "star": 0xF09A, "edit_note": 0xE745, "format_quote": 0xE244,
    "content_copy": 0xE14D, "open_in_new": 0xE89E, "link": 0xE250, "close": 0xE5CD,
    "compare_arrows": 0xE915, "warning": 0xF083, "error": 0xF8B6, "info": 0xE88E,
    "check": 0xE668, "schedule": 0xEFD6, "filter_alt": 0xEF4F, "filter_alt_off": 0xEB32,
    "sort": 0xE164, "push_pin": 0xF10D, "visibility": 0xE8F4, "visibility_off": 0xE8F5,
    "unfold_more": 0xE5D7, "unfold_less": 0xE5D6, "folder_open": 0xE2C8,
    "description": 0xE873, "fit_screen": 0xEA10, "more_horiz": 0xE5D3, "menu": 0xE5D2,
    "zoom_in": 0xE8FF, "zoom_out": 0xE900, "calendar_month": 0xEBCC, "settings": 0xE8B8,
    "download": 0xF090, "image": 0xE3F4, "light_mode": 0xE518, "dark_mode": 0xE51C,
    "help": 0xE8FD, "keyboard": 0xE312, "refresh": 0xE5D5, "add": 0xE145, "remove": 0xE15B,
    "drag_indicator": 0xE945, "bar_chart": 0xE26B, "show_chart": 0xE6E1,
    "stacked_line_chart": 0xF22B, "tune": 0xE429, "article": 0xEF42, "public": 0xE80B,
    "group": 0xEA21, "data_table": 0xE99C,
}
ICON_AXES = {"FILL": 0, "wght": 400, "GRAD": 0, "opsz": 20}


# --------------------------------------------------------------------------- helpers

def find(folder, wanted):
    pattern, digest = wanted
    hits = sorted(glob.glob(os.path.join(glob.escape(folder), pattern)))
    if len(hits) != 1:
        sys.exit(f"{folder}: expected one {pattern}, found {len(hits)}")
    with open(hits[0], "rb") as file:
        found = hashlib.sha256(file.read()).hexdigest()
    if found != digest:
        print(f"note: {hits[0]} is not the version this was written for", file=sys.stderr)
    return hits[0]


def from_tgz(archive, member):
    with tarfile.open(archive) as tar:
        return tar.extractfile(member).read()


def from_deb(archive, member):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
        with open(os.path.join(folder, member), "rb") as file:
            return file.read()


def options(features, names):
    opts = subset.Options()
    opts.hinting = False
    opts.layout_features = features
    opts.name_IDs = names
    opts.name_languages = [0x409]
    opts.notdef_outline = True
    opts.glyph_names = False
    opts.recalc_timestamp = False
    return opts


def cut(font, opts, unicodes):
    cutter = subset.Subsetter(opts)
    cutter.populate(unicodes=unicodes)
    cutter.subset(font)
    font.recalcTimestamp = False


def features_within(font, table, keep):
    """The features of `table`, checked to be none but `keep`."""
    if table not in font:
        return set()
    found = {r.FeatureTag for r in font[table].table.FeatureList.FeatureRecord}
    assert found <= set(keep), (table, found)
    return found


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    print(f"{os.path.basename(path):34}{len(data):>10,}")


def font_file(font):
    """The bytes of a font as a file."""
    font.flavor = None
    buffer = io.BytesIO()
    font.save(buffer, reorderTables=True)
    return buffer.getvalue()


def collection(files):
    """Fonts in one file, in this order; tables that are the same in several stand in it once."""
    together = TTCollection()
    together.fonts = [TTFont(io.BytesIO(data), recalcTimestamp=False, lazy=True) for data in files]
    buffer = io.BytesIO()
    together.save(buffer, shareTables=True)
    return buffer.getvalue()


def write_packed(path, data):
    """Writes a font packed, and says its size unpacked and packed. The program unpacks it when it needs it."""
    packed = brotli.compress(data, mode=brotli.MODE_GENERIC, quality=11, lgwin=24)
    assert brotli.decompress(packed) == data
    print(f"{os.path.basename(path).removesuffix('.br'):34}{len(data):>10,}")
    write(path, packed)


# --------------------------------------------------------------------------- the three fonts

def make_inter(archive, out):
    files = []
    for weight, style in INTER_WEIGHTS.items():
        data = from_tgz(archive, f"package/web/Inter-{style}.woff2")
        font = TTFont(io.BytesIO(data), recalcTimestamp=False)

        tabular = {}
        gsub = font["GSUB"].table
        for record in gsub.FeatureList.FeatureRecord:
            if record.FeatureTag == "tnum":
                for index in record.Feature.LookupListIndex:
                    for sub in gsub.LookupList.Lookup[index].SubTable:
                        tabular.update(getattr(sub, "ExtSubTable", sub).mapping)
        for table in font["cmap"].tables:
            if table.isUnicode() and table.format != 14:
                for char in map(ord, TABULAR):
                    if char in table.cmap:
                        # (subtables may share one dictionary: never map twice)
                        table.cmap[char] = tabular.get(table.cmap[char], table.cmap[char])

        opts = options(["kern", "mark", "mkmk", "ccmp", "locl"],
                       [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17])
        cut(font, opts, INTER_UNICODES)
        plain_notdef(font)
        files.append(font_file(font))
    pack_inter(files, out)
    write(os.path.join(out, "OFL-Inter.txt"), from_tgz(archive, "package/LICENSE.txt"))


def pack_inter(files, out):
    """Writes the collection of the four weights, each of which is checked as it stands in it."""
    together = collection(files)
    for number, weight in enumerate(INTER_WEIGHTS):
        check_inter(TTFont(io.BytesIO(together), fontNumber=number), weight)
    write_packed(os.path.join(out, "inter.ttc.br"), together)


def plain_notdef(font):
    """A quiet hollow box for a missing character; Inter has a black bar with writing in it."""
    pen = TTGlyphPen(None)
    for left, bottom, right, top, clockwise in ((160, 0, 1168, 1490, True), (280, 120, 1048, 1370, False)):
        corners = [(left, bottom), (left, top), (right, top), (right, bottom)]
        corners = corners if clockwise else corners[::-1]
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    font["glyf"][".notdef"] = pen.glyph()
    font["hmtx"][".notdef"] = (1328, 160)


def check_inter(font, weight):
    cmap, widths = font.getBestCmap(), font["hmtx"]
    assert "glyf" in font and "fvar" not in font and "fpgm" not in font and "prep" not in font
    assert font["OS/2"].usWeightClass == weight
    features_within(font, "GSUB", {"ccmp", "locl"})
    assert "kern" in features_within(font, "GPOS", {"kern", "mark", "mkmk"})
    assert len({widths[cmap[ord(c)]][0] for c in TABULAR + "\u2007"}) == 1, "figures differ in width"
    wanted = ("~\u2265\u2264\u2248\u2020\u2021\u00d7\u2212\u00b1\u221e\u2013\u2014\u2026\u2039\u203a"
              "\u2190\u2192\u2191\u2193\u2713\u2717\u20b4\u20a9\u20bd\u20ac\u00b2\u2074\u2318\u25b2\u25cf\u25c6\u25cb"
              "\u0490\u0491\u0404\u0407\u0419\u0451\u1ec7\u03a9")
    missing = [c for c in wanted if ord(c) not in cmap]
    assert not missing, missing


def make_noto(archive, out):
    data = from_deb(archive, "usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
    for number in range(16):
        font = TTFont(io.BytesIO(data), fontNumber=number, recalcTimestamp=False, lazy=True)
        if font["name"].getDebugName(4) == NOTO_FACE:
            break
    else:
        sys.exit(f"{archive}: no face {NOTO_FACE}")

    opts = options(["ccmp", "ljmo", "vjmo", "tjmo"], [0, 1, 2, 3, 4, 5, 6, 7, 13, 14])
    opts.drop_tables += ["BASE", "GPOS", "VORG", "vhea", "vmtx"]
    cut(font, opts, NOTO_UNICODES | NOTO_HAN)

    # Line metrics in the proportions of Inter (1984 and -494 of 2048), so that a row
    # that mixes both has one baseline. The outlines stay where they are.
    for table, top, bottom, gap in (("hhea", "ascent", "descent", "lineGap"),
                                    ("OS/2", "sTypoAscender", "sTypoDescender", "sTypoLineGap")):
        setattr(font[table], top, 969)
        setattr(font[table], bottom, -241)
        setattr(font[table], gap, 0)

    for record in font["name"].names:
        record.string = (record.toUnicode().replace("Noto Sans CJK KR", "Noto Sans KR")
                         .replace("NotoSansCJKkr", "NotoSansKR"))
    cff = font["CFF "].cff
    cff.fontNames[0] = "NotoSansKR-Regular"
    cff[0].FullName, cff[0].FamilyName = "Noto Sans KR", "Noto Sans KR"

    notice = font["name"].getDebugName(0)
    pack_noto(font_file(font), out)
    copyright_file = from_deb(archive, "usr/share/doc/fonts-noto-cjk/copyright").decode("utf-8")
    write(os.path.join(out, "OFL-NotoSansKR.txt"), noto_licence(copyright_file, notice).encode("utf-8"))


def pack_noto(data, out):
    check_noto(TTFont(io.BytesIO(data)))
    write_packed(os.path.join(out, "noto-sans-kr-400.otf.br"), data)


def noto_licence(text, notice):
    """The licence out of Debian's copyright file with its layout undone, under the notices of copyright."""
    holder = re.search(r"^Files: \*\nCopyright: (.*)\n", text, re.M).group(1)
    body = re.search(r"^License: SIL-1\.1\n((?: .*\n)+)", text, re.M).group(1)
    lines = [line.strip() for line in body.splitlines()]
    body = "\n".join("" if line == "." else line for line in lines)
    assert "TERMINATION" in body and body.endswith("OTHER DEALINGS IN THE FONT SOFTWARE.")
    return (f"{notice}\nCopyright {holder}\n\n"
            "This Font Software is licensed under the SIL Open Font License, Version 1.1.\n\n"
            f"{body}\n")


def check_noto(font):
    cmap = font.getBestCmap()
    assert "CFF " in font and "GPOS" not in font
    assert {"ljmo", "vjmo", "tjmo"} <= features_within(font, "GSUB", {"ccmp", "ljmo", "vjmo", "tjmo"})
    missing = [c for c in span(0xAC00, 0xD7A3) | span(0x1100, 0x11FF) | span(0x3041, 0x3096)
               | span(0x30A1, 0x30FF) | span(0xFF01, 0xFF5E) if c not in cmap]
    assert not missing, missing
    lost = sorted(c for c in NOTO_HAN if c not in cmap)
    print(f"  {len(cmap):,} characters, {sum(c in cmap for c in NOTO_HAN):,} of them Han,"
          f" {font['maxp'].numGlyphs:,} glyphs; wanted but not in the font:"
          f" {' '.join(f'U+{c:04X}' for c in lost) or 'none'}")


def make_icons(archive, out):
    data = from_tgz(archive, "package/material-symbols-rounded.woff2")
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    check_icon_names(font)
    opts = options([], [0, 1, 2, 3, 4, 5, 6])
    cut(font, opts, set(ICONS.values()))
    font = instancer.instantiateVariableFont(font, ICON_AXES)
    for table in ("STAT", "MVAR", "HVAR", "avar", "GSUB", "GDEF", "gasp", "prep", "fpgm", "cvt "):
        if table in font:
            del font[table]
    font["name"].names = [record for record in font["name"].names if record.nameID < 256]
    font["OS/2"].usWeightClass = 400
    font.recalcTimestamp = False
    data = font_file(font)
    check_icons(TTFont(io.BytesIO(data)))
    write(os.path.join(out, "icons.ttf"), data)
    write(os.path.join(out, "Apache-2.0-MaterialSymbols.txt"), from_tgz(archive, "package/LICENSE"))


def check_icon_names(font):
    """Each name, written out, is a ligature of the font and gives the glyph of its code point."""
    cmap = font.getBestCmap()
    ligatures = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for sub in lookup.SubTable:
            sub = getattr(sub, "ExtSubTable", sub)
            for first, rest in getattr(sub, "ligatures", {}).items():
                for ligature in rest:
                    ligatures[(first, *ligature.Component)] = ligature.LigGlyph
    for name, code in ICONS.items():
        assert ligatures[tuple(cmap[ord(c)] for c in name)] == cmap[code], name


def check_icons(font):
    cmap = font.getBestCmap()
    assert set(cmap) == set(ICONS.values())
    assert "glyf" in font and "fvar" not in font and "GSUB" not in font
    assert len(set(cmap.values())) == len(ICONS)
    for name, code in ICONS.items():
        glyph = font["glyf"][cmap[code]]
        assert glyph.numberOfContours > 0, name
        assert font["hmtx"][cmap[code]][0] == font["head"].unitsPerEm, name
        assert 0 <= glyph.xMin and glyph.xMax <= 960 and 0 <= glyph.yMin and glyph.yMax <= 960, name


def main():
    parser = argparse.ArgumentParser(description="Makes the bundled fonts from their packages.")
    parser.add_argument("packages", help="folder with the three packages")
    parser.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--only", choices=("inter", "noto", "icons"))
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    for name, make, package in (("inter", make_inter, INTER_TGZ), ("icons", make_icons, ICONS_TGZ),
                                ("noto", make_noto, NOTO_DEB)):
        if args.only in (None, name):
            make(find(args.packages, package), args.out)


if __name__ == "__main__":
    main()
