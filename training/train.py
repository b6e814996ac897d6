"""Train the model. The schedule runs by wall-clock: every quantity is a function of elapsed / budget.

Learning rate: short warm-up, constant, linear decay to zero. Text: TinyStories with sampled stories and
old books at first; both fade out, and the last part sees in-style text only. Matrices learn by Muon,
embeddings and norms by AdamW. An exponential moving average of the weights is evaluated and saved.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from model import Config, Llama

SEP = "<|endoftext|>"
BOS = 0


def ramp(f: float, points: list[tuple[float, float]]) -> float:
    """Piecewise linear function through (fraction, value) points."""
    return float(np.interp(f, *zip(*points)))


# share of windows by source at each fraction of the budget (tiny takes the rest)
MIXTURE = {
    "synthetic": [(0.0, 0.30), (0.30, 0.30), (0.65, 0.0)],
    "books": [(0.0, 0.25), (0.20, 0.10), (0.45, 0.0)],
    "africa": [(0.0, 0.04), (0.6, 0.03), (0.8, 0.0)],
}


class Source:
    """Stories as token ids, handed out as windows of n tokens, epoch after epoch in a new order."""

    def __init__(self, path: Path, tok: Tokenizer, rng: random.Random):
        stories = path.read_text("utf-8").strip().split(f"\n{SEP}\n")
        flat = [(i, p) for i, s in enumerate(stories) for p in s.split("\n\n")]
        encoded = tok.encode_batch_fast([p for _, p in flat], add_special_tokens=False)
        self.stories: list[list[list[int]]] = [[] for _ in stories]
        for (i, _), e in zip(flat, encoded):
            self.stories[i].append(e.ids)
        self.gap = tok.encode("\n\n", add_special_tokens=False).ids
        self.rng, self.iterators = rng, {}
        self.tokens = sum(len(e.ids) + 1 for e in encoded)

    def whole(self, n: int):
        """Windows that begin at a story; stories follow each other after <|endoftext|>."""
        while True:
            window: list[int] = []
            for story in self.rng.sample(self.stories, len(self.stories)):
                window.append(BOS)
                for i, p in enumerate(story):
                    window += (self.gap if i else []) + p
                if len(window) >= n:
                    yield window[:n]
                    window = []
                elif len(window) == n - 1:
                    yield window + [BOS]
                    window = []

    def running(self, n: int):
        """Running text: BOS, then paragraphs of story after story joined by blank lines."""
        while True:
            window = [BOS]
            for story in self.rng.sample(self.stories, len(self.stories)):
                for p in story:
                    window += p
                    if len(window) >= n:
                        yield window[:n]
                        window = [BOS] + p if len(p) < n // 2 else [BOS]
                    window += self.gap

    def draw(self, kind: str, n: int) -> list[int]:
        if (kind, n) not in self.iterators:
            self.iterators[kind, n] = getattr(self, kind)(n)
        return next(self.iterators[kind, n])


def dev_windows(path: Path, tok: Tokenizer, n: int = 512):
    """The dev text as in evaluate.py: greedy paragraph windows with BOS. -> ids, targets [W, n], bytes"""
    windows, bytes_ = [[]], 0
    gap = tok.encode("\n\n", add_special_tokens=False).ids
    for p in path.read_text("utf-8").strip().replace(f"\n{SEP}\n", "\n\n").split("\n\n"):
        ids = tok.encode(p, add_special_tokens=False).ids
        bytes_ += len(p.encode()) + 2
        if windows[-1] and len(windows[-1]) + len(gap) + len(ids) >= n:
            windows.append([])
        windows[-1] += (gap if windows[-1] else []) + ids[: n - 1]
    x, y = torch.zeros(len(windows), n, dtype=torch.long), torch.full((len(windows), n), -1)
    for i, w in enumerate(windows):
        x[i, 1 : len(w)] = torch.tensor(w[:-1])
        y[i, : len(w)] = torch.tensor(w)
    return x, y, bytes_


@torch.no_grad()
def bits_per_byte(model: Llama, dev) -> float:
    x, y, bytes_ = dev
    nats = 0.0
    for i in range(0, len(x), 8):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            nats += model(x[i : i + 8], y[i : i + 8]).item() * (y[i : i + 8] >= 0).sum().item()
    return nats / math.log(2) / bytes_


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder written by prepare.py")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--stop", type=float, default=1.0, help="leave at this fraction of the budget (trials)")
    parser.add_argument("--batch", type=int, default=4096, help="tokens per step")
    parser.add_argument("--lr", type=float, default=4e-3, help="Muon, scaled to the RMS of AdamW updates")
    parser.add_argument("--adam-lr", type=float, default=4e-3)
    parser.add_argument("--decay", type=float, default=0.2, help="weight decay (times the learning rate)")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--ema", type=float, default=0.995)
    parser.add_argument("--long-from", type=float, default=0.55, help="fraction from which windows have 512 tokens, 256 before")
    parser.add_argument("--cooldown", type=float, default=0.55, help="fraction at which the learning rate begins to fall")
    parser.add_argument("--resume", action="store_true", help="go on from OUT/state.pt")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    torch.set_num_threads(2)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    tok = Tokenizer.from_file(str(args.tokenizer))
    sources = {k: Source(args.data / f"{k}.txt", tok, rng) for k in ("tiny", *MIXTURE)}
    dev = dev_windows(args.data / "dev.txt", tok)
    model = Llama(Config(vocab_size=tok.get_vocab_size()))
    average = Llama(model.c).requires_grad_(False)
    average.load_state_dict(model.state_dict())
    print({k: s.tokens for k, s in sources.items()}, sum(p.numel() for p in model.parameters()), "parameters")

    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.ndim == 1 or "embed" in n]
    muon = torch.optim.Muon(matrices, lr=args.lr, weight_decay=args.decay, momentum=0.95, adjust_lr_fn="match_rms_adamw")
    adam = torch.optim.AdamW(others, lr=args.adam_lr, betas=(0.9, 0.98), weight_decay=0.0)
    compiled = torch.compile(model, dynamic=False)
    layers, width = model.c.num_hidden_layers, model.c.hidden_size

    resumed = 0.0  # fraction of the budget spent before this process began
    step = tokens = 0
    if args.resume:
        state = torch.load(args.out / "state.pt")
        model.load_state_dict(state["model"])
        average.load_state_dict(torch.load(args.out / "average.pt"))
        muon.load_state_dict(state["muon"])
        adam.load_state_dict(state["adam"])
        step, tokens, resumed = state["step"], state["tokens"], state["fraction"]

    log = (args.out / "log.jsonl").open("a")
    start, best, losses, shown = time.time() - resumed * 60 * args.minutes, 9.0, [], 0.0
    loaded = time.time()
    while (f := (time.time() - start) / (60 * args.minutes)) < args.stop:
        n = 256 if f < args.long_from else 512
        shares = {k: ramp(f, v) for k, v in MIXTURE.items()}
        shares["tiny"] = 1 - sum(shares.values())
        names = rng.choices(list(shares), list(shares.values()), k=args.batch // n)
        rows = [sources[s].draw(rng.choice(["whole", "running"]), n + 1) for s in names]
        batch = torch.tensor(rows)
        p = args.dropout * ramp(f, [(0.0, 0.3), (0.4, 1.0)])
        masks = (torch.rand(layers, 2, len(rows), 1, width) >= p).to(torch.bfloat16) / (1 - p)

        scale = ramp(f, [(0.0, 0.05), (0.02, 1.0), (args.cooldown, 1.0), (1.0, 0.0)])
        if f > args.cooldown:  # 1 - sqrt of the time into the cooldown falls faster at first
            scale = 0.5 * scale + 0.5 * (1 - math.sqrt(min(1.0, (f - args.cooldown) / (1 - args.cooldown))))
        for optimizer, lr in ((muon, args.lr), (adam, args.adam_lr)):
            optimizer.param_groups[0]["lr"] = lr * scale
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = compiled(batch[:, :-1].contiguous(), batch[:, 1:].contiguous(), masks)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad()
        step, tokens = step + 1, tokens + batch.shape[0] * n
        losses.append(loss.item())
        weight = 1 - min(args.ema, (step + 1) / (step + 10))
        torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), weight)

        if time.time() - shown > min(90, 3 * args.minutes) or f > args.stop - 1e-3:
            score = bits_per_byte(average, dev)
            row = {"minutes": (time.time() - start) / 60, "step": step, "tokens": tokens, "scale": scale,
                   "train_nats": float(np.mean(losses)), "dev_bpb": score, "dev_bpb_raw": bits_per_byte(model, dev)}
            print(json.dumps({k: round(v, 4) for k, v in row.items()}), flush=True)
            log.write(json.dumps(row) + "\n")
            log.flush()
            losses, shown = [], time.time()
            if (args.data / "synthetic.txt").stat().st_mtime > loaded:  # sampled while training went on
                loaded = time.time()
                sources["synthetic"] = Source(args.data / "synthetic.txt", tok, rng)
                print("synthetic:", sources["synthetic"].tokens, "tokens", flush=True)
            torch.save(average.state_dict(), args.out / "average.tmp")
            (args.out / "average.tmp").rename(args.out / "average.pt")
            torch.save({"model": model.state_dict(), "muon": muon.state_dict(), "adam": adam.state_dict(),
                        "step": step, "tokens": tokens, "fraction": f}, args.out / "state.tmp")
            (args.out / "state.tmp").rename(args.out / "state.pt")
            if score < best:
                best = score
                torch.save(average.state_dict(), args.out / "best.pt")
    torch.save(average.state_dict(), args.out / "average.pt")
    print(f"done: dev {bits_per_byte(average, dev):.4f} (best {best:.4f}), {tokens} tokens in {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
