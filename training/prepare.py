"""Turn the raw text files into cleaned story files.

Input  (--data DIR): tinystories/{train-cased,train-lowercased,train-v2}.txt and text/*.txt
Output (--out DIR):  tiny.txt   in-style stories (cased + re-cased extra half + second version)
                     dev.txt    2.5 % of the in-style stories, held out for decisions
                     africa.txt African Storybook
                     books.txt  fairy tales and children's books
Every output holds stories separated by a line `<|endoftext|>`; paragraphs are separated by one
blank line. The validation file is read for one purpose only: to drop training stories
that share an 80-character run with it. Nothing of it enters any output.
"""

import argparse
import random
import re
from collections import Counter, defaultdict
from pathlib import Path

SEP = "<|endoftext|>"

# UTF-8 punctuation that was once decoded as Windows-1252, then the typographic forms themselves.
MOJIBAKE = {"â€œ": '"', "â€\x9d": '"', "â€™": "'", "â€˜": "'", "â€¦": "...", "â€”": "-", "â€“": "-", "â€": '"'}
TYPOGRAPHIC = {"“": '"', "”": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "…": "...", "—": "-", "–": "-"}


def clean(text: str) -> str:
    """Straight quotes, no mojibake, single spaces, paragraphs separated by one blank line."""
    for table in (MOJIBAKE, TYPOGRAPHIC):
        for bad, good in table.items():
            text = text.replace(bad, good)
    paragraphs = [re.sub(r"[ \t\u00a0]+", " ", p).strip() for p in text.splitlines()]
    return "\n\n".join(p for p in paragraphs if p)


def split_stories(text: str) -> list[str]:
    return [s for s in (clean(s) for s in text.split(SEP)) if len(s) > 40]


def unwrap(text: str) -> str:
    """Books wrap paragraphs over lines; join the lines inside each blank-line-separated paragraph."""
    return "\n\n".join(" ".join(p.split("\n")) for p in re.split(r"\n\s*\n", text))


WORD = re.compile(r"[A-Za-z][A-Za-z']*")


def contexts(story: str):
    """Yield (match, class of the preceding punctuation, previous word in lower case) for each word."""
    end, previous = 0, ""
    for match in WORD.finditer(story):
        gap = story[end:match.start()]
        if end == 0 or "\n" in gap:
            kind = "paragraph"
        else:
            core = gap.replace(" ", "")
            kind = core[-3:] + ("_" if gap.endswith(" ") else "")
        yield match, kind, previous
        end, previous = match.end(), match.group().lower()


class Truecaser:
    """Counts of capital / lower case by (class, previous word, word), backing off to coarser keys."""

    def __init__(self, stories: list[str]):
        self.counts: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
        self.seen: Counter = Counter()
        for story in stories:
            for match, kind, previous in contexts(story):
                word = match.group()
                capital = int(word[0].isupper())
                low = word.lower()
                self.seen[low] += 1
                for key in ((kind, previous, low), (kind, low), (kind,)):
                    self.counts[key][capital] += 1

    def restore(self, story: str) -> str:
        """Re-case one lower-cased story. Unseen words after 'named' / 'called' count as names of it."""
        names = {
            n for n in re.findall(r"\b(?:named|called|name (?:is|was)) ([a-z]+)", story) if self.seen[n] < 3
        }
        out = list(story)
        for match, kind, previous in contexts(story):
            low = match.group().lower()
            votes = [self.counts.get(k) for k in ((kind, previous, low), (kind, low), (kind,))]
            capital = False
            for vote, least in zip(votes, (4, 2, 1)):
                if vote and sum(vote) >= least:
                    capital = vote[1] > vote[0]
                    break
            if low in names or low == "i" or low.startswith("i'"):
                capital = True
            if kind == "paragraph":
                capital = True
            if capital:
                out[match.start()] = out[match.start()].upper()
        return "".join(out)


def extra_half(lower: str, cased: list[str], caser: Truecaser) -> list[str]:
    """Stories of the lower-cased file that are not in the cased one, re-cased.

    In that file a lone newline ends a story and a blank line ends a paragraph; a few stories use lone
    newlines inside, so pieces under 250 characters are joined to the piece before them.
    """
    tail = None
    for story in reversed(cased):  # the cased stories come first: the extra half begins after the last one
        needle = story.split("\n\n")[0][:80].lower()
        at = lower.find(needle)
        if at >= 0 and len(needle) >= 60:
            tail = lower[at:]
            break
    assert tail is not None
    pieces = re.split(r"(?<!\n)\n(?!\n)", tail)[2:-1]
    stories: list[str] = []
    for piece in pieces:
        if stories and len(piece) < 250:
            stories[-1] += "\n\n" + piece
        else:
            stories.append(piece)
    return [caser.restore(clean(s)) for s in stories]


def shingles(text: str, size: int = 80) -> set[int]:
    text = re.sub(r"\W+", " ", text.lower())
    return {hash(text[i : i + size]) for i in range(max(0, len(text) - size + 1))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    tiny_dir, text_dir = args.data / "tinystories", args.data / "text"

    cased = split_stories((tiny_dir / "train-cased.txt").read_text("utf-8"))
    second = split_stories((tiny_dir / "train-v2.txt").read_text("utf-8"))
    caser = Truecaser(cased + second)
    extra = extra_half((tiny_dir / "train-lowercased.txt").read_text("utf-8"), cased, caser)
    print(f"stories: cased {len(cased)}, re-cased extra {len(extra)}, second version {len(second)}")

    stories, known = [], set()
    for story in cased[:-1] + second + extra:  # the last cased story is cut off
        key = re.sub(r"\W+", "", story.lower())[:200]
        if len(story) >= 150 and key not in known:
            known.add(key)
            stories.append(story)
    held = shingles(clean((tiny_dir / "validation.txt").read_text("utf-8")))
    before = len(stories)
    stories = [s for s in stories if held.isdisjoint(shingles(s))]
    print(f"kept {len(stories)} of {before} after dropping those sharing 80 characters with validation")

    rng.shuffle(stories)
    cut = round(0.025 * len(stories))
    dev, tiny = stories[:cut], stories[cut:]
    africa = split_stories((text_dir / "african_storybook.txt").read_text("utf-8"))
    books: list[str] = []
    for path in sorted(text_dir.glob("*.txt")):
        if path.name != "african_storybook.txt":
            books += split_stories("\n\n".join([unwrap(path.read_text("utf-8"))]))
    for name, items in (("tiny", tiny), ("dev", dev), ("africa", africa), ("books", books)):
        text = f"\n{SEP}\n".join(items) + "\n"
        (args.out / f"{name}.txt").write_text(text, "utf-8")
        print(f"{name}.txt: {len(items)} stories, {len(text.encode())} bytes")


if __name__ == "__main__":
    main()
