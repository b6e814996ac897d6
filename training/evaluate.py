"""Print bits per byte of a text for each model folder, by one method in one run.

Method: the text is split into paragraphs at blank lines. Paragraphs are joined again by two newlines
into windows of up to 512 tokens, of which the first is BOS; a paragraph that no longer fits begins the
next window, and one longer than a window is cut into pieces. Every token after BOS is predicted from
its window alone. Score = sum of -ln p / (ln 2 * UTF-8 bytes of all windows' text).

The TinyStories validation text holds some punctuation that was decoded wrongly long ago (three odd characters for a
curly quote). It is scored as it stands; with --repair it becomes plain ASCII punctuation first,
for all models alike.
"""

import argparse
import math
import os
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, logging

from prepare import MOJIBAKE


def windows(text: str, tok, size: int):
    """Yield (ids with BOS, text) for each window."""
    count = lambda s: len(tok.encode(s, add_special_tokens=False)) + 1
    text = text.replace("<|endoftext|>", "")
    pending = ""
    for paragraph in (p.strip("\n") for p in text.split("\n\n")):
        if not paragraph:
            continue
        joined = f"{pending}\n\n{paragraph}" if pending else paragraph
        if count(joined) <= size:
            pending = joined
            continue
        if pending:
            yield pending
        while count(paragraph) > size:  # longer than a window: cut at a space
            at = len(paragraph)
            while count(paragraph[:at]) > size:
                at = paragraph.rfind(" ", 0, at) if " " in paragraph[:at] else at // 2
            yield paragraph[:at]
            paragraph = paragraph[at:]
        pending = paragraph
    if pending:
        yield pending


@torch.no_grad()
def score(folder: str, text: str, size: int, limit: int) -> dict:
    tok = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    nats, bytes_, tokens, n, start = 0.0, 0, 0, 0, time.time()
    for part in windows(text, tok, size):
        if limit and n == limit:
            break
        ids = torch.tensor([[tok.bos_token_id] + tok.encode(part, add_special_tokens=False)])
        log_p = model(ids).logits[0, :-1].log_softmax(-1)  # [T-1, V] nats
        nats -= log_p.gather(1, ids[0, 1:, None]).sum().item()
        bytes_ += len(part.encode())
        tokens += ids.shape[1] - 1
        n += 1
    return {"bpb": nats / math.log(2) / bytes_, "nats_per_token": nats / tokens, "tokens": tokens, "bytes": bytes_,
            "windows": n, "parameters": model.num_parameters(), "seconds": time.time() - start}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", required=True)
    parser.add_argument("--window", type=int, default=512)
    parser.add_argument("--limit", type=int, default=0, help="windows to use; 0: all")
    parser.add_argument("--repair", action="store_true", help="mend mis-decoded punctuation first")
    parser.add_argument("models", nargs="+", metavar="MODEL_DIR")
    args = parser.parse_args()
    torch.set_num_threads(2)
    logging.set_verbosity_error()
    text = open(args.text, encoding="utf-8").read()
    if args.repair:
        for bad, good in MOJIBAKE.items():
            text = text.replace(bad, good)
    print(f"{'model':24} {'bits/byte':>9} {'nats/token':>10} {'tokens':>8} {'bytes':>8} {'windows':>7} {'parameters':>10} {'seconds':>7}")
    for folder in args.models:
        r = score(folder, text, args.window, args.limit)
        name = os.path.basename(os.path.normpath(folder))
        print(f"{name:24} {r['bpb']:9.4f} {r['nats_per_token']:10.4f} {r['tokens']:8} {r['bytes']:8} {r['windows']:7} {r['parameters']:10} {r['seconds']:7.0f}", flush=True)


if __name__ == "__main__":
    main()
