#!/usr/bin/env python3
"""Converts the collected facts file into the native format of Dateline.

    python3 convert.py FACTS.json > dprk_russia_facts.dateline.json

The facts file has four lists: sources, articles, records and related (pairs of
article ids). Every value of it goes over as it stands. What is added or decided
here is in the tables below and nowhere else; README.md beside this script gives
the reasons. The script stops when a table names a record that does not fit, and
turns its own result back into the facts to prove that nothing was lost.
"""

import json
import sys

TITLE = "DPRK military aid to Russia, 2022–2025"
NOTE = (
    "Dated and attributed statements about troops, weapons, workers, losses and return goods, read from published news pages in "
    "November 2026. Numbers stand as each page prints them, its mistakes included; the notes say where a page departs from the others. "
    "Reliability and credibility are not rated."
)

# The article whose story the sample follows, and the ten that it lists itself.
SEED = "a001"
LISTED = [f"a{n:03}" for n in range(2, 12)]

# item: a narrower kind within a metric, where the title or the note of the record says so.
# The seed's "200 long-range artillery pieces" and every other figure for both artillery types together have none.
ITEM = {
    "170 mm gun": ["r043", "r045", "r048"],
    "240 mm launcher": ["r044", "r049"],
    "KN-23": ["r035", "r041", "r042", "r078"],
    "KN-23/KN-24": ["r056"],
    "152 mm shell": ["r219", "r221", "r222", "r237", "r255"],
    "Pantsir": ["r196"],
    "combat engineers": ["r324", "r337", "r343", "r345", "r348"],
    "construction troops": ["r341"],
    "engineers and builders": ["r326"],
    "military builders": ["r325"],
    "declared as study": ["r029"],
    "civilians": ["r266"],
}
# The same figure of the same originator and date, from a page that leaves the kind out:
# with the item of its twin it stays one claim with two carriers.
ITEM_OF_TWIN = {"r051": "r048", "r239": "r237", "r346": "r345"}

# basis `level`: the record says how many are present somewhere, so the number may fall.
# How many were sent, provided, deployed, have arrived or are planned stays a total.
LEVEL = {
    "in Russia": ["r135", "r279", "r281", "r282", "r283", "r288", "r289", "r290", "r292", "r294", "r295"],
    "in the Kursk region": ["r052", "r164", "r286", "r291", "r293", "r296", "r297", "r301", "r304"],
    "training in Russia": ["r072", "r275", "r277"],
    "near the border": ["r302", "r342"],
    "clearing mines": ["r343"],
    "size of the contingent in place": ["r303"],
    "workers employed in Russia": ["r200"],
}

# measure: what kind of number it is, from its unit. Only counts and amounts are ever summed.
MEASURE = {
    "persons": "count",
    "pieces": "count",
    "rounds": "count",
    "missiles": "count",
    "containers": "count",
    "border entries": "count",
    "voyages": "count",
    "systems": "count",
    "battalion": "count",
    "barrels": "amount",
    "tonnes": "amount",
    "USD": "amount",
    "percent": "share",
    "persons/day": "rate",
    "rounds/year": "rate",
    "metres": "other",
}

# likelihood: only where the page's cautious word is exactly one of ICD 203.
LIKELIHOOD = {
    "almost no chance": "almost_no_chance",
    "remote": "almost_no_chance",
    "very unlikely": "very_unlikely",
    "highly improbable": "very_unlikely",
    "unlikely": "unlikely",
    "improbable": "unlikely",
    "roughly even": "roughly_even",
    "roughly even chance": "roughly_even",
    "roughly even odds": "roughly_even",
    "likely": "likely",
    "probable": "likely",
    "probably": "likely",
    "very likely": "very_likely",
    "highly probable": "very_likely",
    "almost certain": "almost_certain",
    "almost certainly": "almost_certain",
    "nearly certain": "almost_certain",
}

# short: names for labels, at most this long; a source whose name fits keeps it.
LABEL_CHARS_MAX = 22
SHORT = {
    # Outlets and agencies.
    "kyivindependent": "Kyiv Independent",
    "unn": "UNN",
    "nv": "NV (Ukraine)",
    "moscowtimes": "Moscow Times",
    "koreadaily": "Korea Daily",
    "joongang": "JoongAng Daily",
    "koreaherald": "Korea Herald",
    "kbs": "KBS",
    "ajupress": "Aju Press",
    "chosun": "Chosun Ilbo",
    "sbs": "SBS (ROK)",
    "hngn": "HNGN",
    "cna": "Channel NewsAsia",
    "tio": "Ticinonline",
    "asahi": "Asahi Shimbun",
    "thewest": "West Australian",
    "lbc": "LBCI",
    "rferl": "RFE/RL",
    "politico": "Politico",
    "quixnet": "Quixnet",
    "intellinews": "Intellinews.org",
    "dailypost": "Daily Post",
    "anews": "A News",
    "nation_pk": "Nation (Pakistan)",
    "abcnews": "ABC News",
    "inquirer": "Inquirer",
    "localnews8": "Local News 8",
    "podscripts": "PodScripts",
    "collector": "Collector.com.tr",
    "maininternational": "Main International",
    "japantimes": "Japan Times",
    "yahoo": "Yahoo News",
    "standardmedia": "Standard (Kenya)",
    "straitstimes": "Straits Times",
    "yomiuri": "Yomiuri Shimbun",
    "ajc": "Atlanta Journal",
    "nyt": "New York Times",
    "wsj": "Wall Street Journal",
    "times": "The Times",
    "telegraph": "Telegraph",
    "bbc": "BBC",
    "washpost": "Washington Post",
    "twz": "The War Zone",
    "aviationweek": "Aviation Week",
    "snuffbox": "Kremlin Snuffbox",
    "yonhap": "Yonhap",
    "afp": "AFP",
    "ap": "AP",
    "bloomberg": "Bloomberg",
    "kcna": "KCNA",
    "kyodo": "Kyodo",
    "kuna": "KUNA",
    "ukranews": "Ukranews",
    # Governments and armed forces.
    "rok_mnd": "MND (ROK)",
    "rok_nso": "ROK NSO",
    "rok_officials": "ROK officials",
    "white_house": "White House",
    "us_state": "US State Dept",
    "us_dod": "US DoD",
    "us_officials": "US officials",
    "us_def_official": "US defense official",
    "ukr_mod": "MoD (Ukraine)",
    "ukr_pgo": "Ukr. prosecutors",
    "ukr_un": "Ukraine UN mission",
    "ukr_ccd": "CCD (Ukraine)",
    "ukr_nsdc": "NSDC (Ukraine)",
    "ukr_officials": "Ukr. officials",
    "ukr_govdoc": "Ukr. gov. paper",
    "ukr_emb_kr": "Ukr. mission in Seoul",
    "ukr_us_officials": "Ukr. and US officials",
    "uk_mod": "UK MoD",
    "western_officials": "Western officials",
    "western_ukr_officials": "Western and Ukrainian",
    "multi_us_rok_ua": "US, ROK and Ukraine",
    "rok_ukr_west": "ROK, Ukr., Western",
    "kremlin": "Kremlin",
    "rus_sc": "Russian Sec. Council",
    "rosstat": "Russian statistics",
    "dprk_cmc": "DPRK Military Comm.",
    "dprk_un": "DPRK UN mission",
    "dprk_gov": "DPRK media",
    "dprk_mil_official": "DPRK mil. official",
    "nhk_sources": "NHK sources",
    "nhk_diplomats": "NHK diplomats",
    "rok_jcs": "JCS",
    "rok_mil_sources": "ROK mil. officials",
    "us_mil_official": "US mil. official",
    "us_indopacom": "US INDOPACOM",
    "ukr_sof": "SOF (Ukraine)",
    "ukr_mil_sources": "Ukr. mil. sources",
    "rus_gs": "Russian Gen. Staff",
    # Intelligence services.
    "rok_nis": "NIS (ROK)",
    "rok_dia": "DIA",
    "rok_intel": "ROK intelligence",
    "hur": "HUR (Ukraine)",
    "sbu": "SBU (Ukraine)",
    "ukr_intel": "Ukr. intelligence",
    "us_intel": "US intelligence",
    "western_intel": "Western intelligence",
    # Research and international bodies.
    "isw": "ISW",
    "osc": "Open Source Centre",
    "c4ads": "C4ADS",
    "rusi": "RUSI",
    "car": "CAR",
    "fnf": "Naumann Foundation",
    "msmt": "MSMT",
    # Persons.
    "zelenskyy": "Zelenskyy",
    "budanov": "Budanov",
    "skibitskyi": "Skibitskyi",
    "syrskyi": "Syrskyi",
    "umerov": "Umerov",
    "kostin": "Kostin",
    "kyslytsya": "Kyslytsya",
    "chernyak": "Cherniak",
    "kovalenko": "Kovalenko",
    "rep_lee": "Rep. Lee",
    "rep_park": "Rep. Park",
    "rep_kang": "Rep. Kang",
    "rok_lawmaker": "ROK lawmaker",
    "shin": "Shin Won-sik",
    "kimyh": "Kim Yong-hyun",
    "kirby": "Kirby",
    "blinken": "Blinken",
    "austin": "Austin",
    "ryder": "Ryder",
    "singh": "Singh",
    "paparo": "Paparo",
    "rutte": "Rutte",
    "putin": "Putin",
    "peskov": "Peskov",
    "gerasimov": "Gerasimov",
    "shoigu": "Shoigu",
    "matsegora": "Matsegora",
    "prigozhin": "Prigozhin",
    "guseinova": "Guseinova",
}


def stop(*words):
    sys.exit("convert.py: " + " ".join(str(word) for word in words))


def by_id(table):
    """A table of groups turned into one value per id."""
    return {record: group for group, records in table.items() for record in records}


ITEM_BY_ID = by_id(ITEM)
ITEM_BY_ID |= {record: ITEM_BY_ID[twin] for record, twin in ITEM_OF_TWIN.items()}
LEVEL_BY_ID = by_id(LEVEL)


def filled(pairs):
    """A dictionary without the keys that have no value."""
    return {key: value for key, value in pairs.items() if value is not None}


def source(raw):
    short = SHORT.get(raw["id"])
    if len(short or raw["name"]) > LABEL_CHARS_MAX:
        stop("no short name for", raw["id"], raw["name"])
    return filled({"id": raw["id"], "name": raw["name"], "short": short, "kind": raw["kind"], "country": raw["country"]})


def article(raw, pairs):
    related = []
    for first, other in pairs:
        if first == raw["id"]:
            is_listed = first == SEED and other in LISTED
            related.append({"id": other, "listed": True} if is_listed else other)
    return filled(
        {
            "id": raw["id"],
            "title": raw["title"],
            "url": raw["url"],
            "publisher": raw["publisher_source_id"],
            "published": raw["published"],
            "language": raw["language"],
            "related": related or None,
        }
    )


def quantity(raw):
    if raw["metric"] is None:
        return None
    if raw["unit"] not in MEASURE:
        stop("no measure for the unit of", raw["id"], raw["unit"])
    return filled(
        {
            "metric": raw["metric"],
            "item": ITEM_BY_ID.get(raw["id"]),
            "measure": MEASURE[raw["unit"]],
            "value": raw["value"],
            "low": raw["low"],
            "high": raw["high"],
            "qualifier": raw["qualifier"],
            "basis": "level" if raw["id"] in LEVEL_BY_ID else raw["basis"],
            "unit": raw["unit"],
        }
    )


def place(raw):
    if raw is None or raw["lat"] is None:
        return raw and raw["name"]
    return raw


def record(raw):
    return filled(
        {
            "id": raw["id"],
            "kind": raw["kind"],
            "title": raw["title"],
            "when": raw["when"],
            "as_of": raw["as_of"],
            "quantity": quantity(raw),
            "from": raw["from_actor"],
            "to": raw["to_actor"],
            "category": raw["category"],
            "place": place(raw["place"]),
            "status": raw["status"],
            "hedge": raw["hedge"],
            "likelihood": LIKELIHOOD.get((raw["hedge"] or "").strip().lower()),
            "chain": raw["attribution"],
            "article": raw["article_id"],
            "note": raw["note"],
        }
    )


def native(facts):
    return {
        "format": "dateline",
        "version": 1,
        "title": TITLE,
        "note": NOTE,
        "sources": [source(raw) for raw in facts["sources"]],
        "articles": [article(raw, facts["related"]) for raw in facts["articles"]],
        "records": [record(raw) for raw in facts["records"]],
    }


def check_tables(facts):
    """Stops when a table names something that is not there or does not fit."""
    records = {raw["id"]: raw for raw in facts["records"]}
    sources = {raw["id"]: raw for raw in facts["sources"]}
    for name, table in (("ITEM", ITEM), ("LEVEL", LEVEL)):
        ids = [record for group in table.values() for record in group]
        if len(ids) != len(set(ids)):
            stop(name, "names a record twice")
    for record in ITEM_BY_ID:
        if record not in records or records[record]["metric"] is None:
            stop("ITEM names", record, "which has no metric")
    for record, twin in ITEM_OF_TWIN.items():
        one, other = records[record], records[twin]
        alike = all(one[key] == other[key] for key in ("metric", "unit", "value", "basis", "from_actor", "to_actor"))
        if not alike or one["attribution"][-1] != other["attribution"][-1]:
            stop("ITEM_OF_TWIN:", record, "is not like", twin)
    for record in LEVEL_BY_ID:
        if record not in records or records[record]["basis"] != "total" or records[record]["metric"] not in ("troops", "workers"):
            stop("LEVEL names", record, "which is no total of troops or workers")
    for short in SHORT:
        if short not in sources:
            stop("SHORT names", short, "which is no source")
    labels = [SHORT.get(raw["id"], raw["name"]) for raw in facts["sources"]]
    twice = {label for label in labels if labels.count(label) > 1}
    if twice:
        stop("labels that stand twice:", sorted(twice))
    pairs = {frozenset(pair) for pair in facts["related"]}
    if any(frozenset((SEED, other)) not in pairs for other in LISTED):
        stop("LISTED names an article that is not related to", SEED)


def facts_of(document):
    """The facts that a native document was made from: the way back, for the proof."""

    def record_of(new):
        number = new.get("quantity", {})
        basis = "total" if new["id"] in LEVEL_BY_ID else number.get("basis")
        where = new.get("place")
        return {
            "id": new["id"],
            "kind": new["kind"],
            "title": new["title"],
            "when": new.get("when"),
            "as_of": new.get("as_of"),
            "category": new.get("category"),
            **{key: number.get(key) for key in ("metric", "unit", "value", "low", "high", "qualifier")},
            "basis": basis,
            "from_actor": new.get("from"),
            "to_actor": new.get("to"),
            "place": {"name": where, "lat": None, "lon": None} if isinstance(where, str) else where,
            "status": new.get("status"),
            "hedge": new.get("hedge"),
            "attribution": new["chain"],
            "article_id": new["article"],
            "note": new.get("note"),
        }

    def article_of(new):
        keys = {"id": "id", "url": "url", "title": "title", "publisher_source_id": "publisher", "published": "published"}
        return {old: new.get(key) for old, key in keys.items()} | {"language": new.get("language")}

    related = []
    for new in document["articles"]:
        for other in new.get("related", []):
            related.append([new["id"], other if isinstance(other, str) else other["id"]])
    return {
        "sources": [{key: new.get(key) for key in ("id", "name", "kind", "country")} for new in document["sources"]],
        "articles": [article_of(new) for new in document["articles"]],
        "records": [record_of(new) for new in document["records"]],
        "related": sorted(related),
    }


def check_nothing_lost(facts, text):
    back = facts_of(json.loads(text))
    if set(facts) != set(back):
        stop("the facts have other lists:", sorted(facts))
    for key in ("sources", "articles", "records"):
        for old, new in zip(facts[key], back[key], strict=True):
            if old != new:
                stop("lost on the way:", old, new)
    if sorted(facts["related"]) != back["related"]:
        stop("related pairs were lost")


def written(document):
    """The document with one line for each source, article and record, so that a change shows as a line."""

    def line(value):
        return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))

    parts = []
    for key, value in document.items():
        if isinstance(value, list):
            rows = ",\n".join("    " + line(row) for row in value)
            parts.append(f"  {line(key)}: [\n{rows}\n  ]")
        else:
            parts.append(f"  {line(key)}: {line(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main():
    if len(sys.argv) != 2:
        stop("give the facts file as the only argument")
    with open(sys.argv[1], encoding="utf-8") as file:
        facts = json.load(file)
    check_tables(facts)
    text = written(native(facts))
    check_nothing_lost(facts, text)
    sys.stdout.buffer.write(text.encode("utf-8"))


if __name__ == "__main__":
    main()
