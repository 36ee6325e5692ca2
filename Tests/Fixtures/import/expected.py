"""What an import of the two public data sets must give, counted by the contract's rules and by nothing of Highland.

    python3 expected.py access-log semicomplete-combined.log.gz
    python3 expected.py csv ecom-clickstream.csv.gz

ImportRealDataTests holds the numbers that this printed."""

import collections
import csv
import gzip
import json
import re
import sys

ASSETS = set("css js mjs map json xml txt rss atom png jpg jpeg gif svg webp avif ico bmp woff woff2 ttf otf eot mp3 mp4 "
             "webm ogg wav mov avi".split())
DOWNLOADS = set("pdf zip gz tar tgz bz2 xz 7z rar exe dmg iso deb rpm jar doc docx xls xlsx ppt pptx epub csv".split())
LINE = re.compile(
    r'^(\S+) \S+ .*?\[(\d\d)/(\w{3})/(\d{4}):[^\]]+\] "([A-Z]+) (.+?)(?: HTTP/[\d.]+)?" (\d{3}) (\d+|-)'
    r'(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?\s*$')


def access_log(path):
    read, skipped, rejected = 0, collections.Counter(), 0
    names, visitors, pages = collections.Counter(), collections.defaultdict(set), collections.Counter()
    for raw in gzip.open(path, "rb"):
        read += 1
        match = LINE.match(raw.decode("utf-8", "replace").rstrip("\n"))
        if not match:
            rejected += 1
            continue
        host, day, month, year, method, target, status, _, _, agent = match.groups()
        file = re.split(r"[?#]", target)[0].rsplit("/", 1)[-1]
        ending = file.rsplit(".", 1)[-1].lower() if "." in file else ""
        if method != "GET":
            skipped["method"] += 1
        elif status == "404":
            names["404"] += 1
            visitors[f"{year}-{month}-{day}"].add((host, agent))
        elif not (status.startswith("2") or status == "304"):
            skipped["status"] += 1
        elif ending in ASSETS:
            skipped["asset"] += 1
        else:
            names["download" if ending in DOWNLOADS else "pageview"] += 1
            visitors[f"{year}-{month}-{day}"].add((host, agent))
            pages[target] += 1
    return {"read": read, "imported": sum(names.values()), "skipped": dict(skipped), "rejected": rejected, "names": dict(names),
            "visitors": {day: len(who) for day, who in sorted(visitors.items())}, "top": pages.most_common(3)}


def clickstream(path):
    rows = list(csv.DictReader(gzip.open(path, "rt", newline="")))
    return {"read": len(rows), "names": len({row["event"] for row in rows}), "sessions": len({row["session_id"] for row in rows}),
            "users": len({row["user_id"] for row in rows}), "first": min(row["timestamp"] for row in rows),
            "last": max(row["timestamp"] for row in rows),
            "byName": dict(collections.Counter(row["event"] for row in rows).most_common(3)),
            "equalRows": len(rows) - len({tuple(row.values()) for row in rows})}


print(json.dumps({"access-log": access_log, "csv": clickstream}[sys.argv[1]](sys.argv[2]), indent=1))
