"""Train the model. Every quantity of the schedule is a function of the share of the tokens that have been seen.

Learning rate: short warm-up, constant, decay to zero. Text: TinyStories, stories written by the teacher, and old
books at first, which fade out. Where the teacher's answers are known (distil.py) the model learns them along with
the text. Matrices learn by Muon, embeddings and norms by AdamW. An exponential moving average of the weights is
evaluated and saved.
"""

import argparse
import json
import math
import random
import shutil
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
    "written": [(0.0, 0.40), (0.5, 0.35), (1.0, 0.10)],
    "books": [(0.0, 0.20), (0.15, 0.08), (0.35, 0.0)],
    "africa": [(0.0, 0.03), (0.5, 0.03), (0.7, 0.0)],
}
# weight of the teacher's answers against the text itself, where the teacher has read or written it
SOFT = {"tiny": 0.6, "written": 1.0}
NONE = -1  # no answers of the teacher for this token


def encode_stories(path: Path, tok: Tokenizer) -> list[list[list[int]]]:
    """Stories of a text file as parts: each paragraph's tokens, the blank line before it included."""
    stories = path.read_text("utf-8").strip().split(f"\n{SEP}\n")
    flat = [(i, p) for i, s in enumerate(stories) for p in s.split("\n\n")]
    encoded = tok.encode_batch_fast([p for _, p in flat], add_special_tokens=False)
    gap = tok.encode("\n\n", add_special_tokens=False).ids
    parts: list[list[list[int]]] = [[] for _ in stories]
    for (i, _), e in zip(flat, encoded):
        parts[i].append((gap if parts[i] else []) + e.ids)
    return parts


class Labels:
    """The teacher's answers of every labelled text in one table, see distil.py."""

    def __init__(self):
        self.top, self.logp, self.rows = [], [], 0

    def add(self, top: np.ndarray, logp: np.ndarray) -> int:
        """-> the row at which the new ones begin"""
        self.top.append(top), self.logp.append(logp)
        self.rows += len(top)
        return self.rows - len(top)

    def close(self) -> None:
        self.top = torch.from_numpy(np.concatenate(self.top).astype(np.int16)) if self.rows else torch.zeros(1, 16, dtype=torch.int16)
        self.logp = torch.from_numpy(np.concatenate(self.logp)) if self.rows else torch.zeros(1, 16)

    def look_up(self, rows: torch.Tensor):
        """rows [...] -> tokens [..., 16], probabilities [..., 16] (zero without answers)"""
        at = rows.clamp(min=0)
        return self.top[at].long(), self.logp[at].float().exp() * (rows >= 0).unsqueeze(-1)


class Source:
    """Stories as [n, 2] arrays of token and label row, handed out as windows, epoch after epoch in a new order."""

    def __init__(self, path: Path, tok: Tokenizer, rng: random.Random, labels: Labels | None = None):
        self.gap = tok.encode("\n\n", add_special_tokens=False).ids
        labelled = path.with_suffix(".npz")
        if labels is not None and labelled.exists():
            data = np.load(labelled)
            ids, starts = data["ids"].astype(np.int32), data["starts"]
            rows = labels.add(data["top"], data["logp"]) + np.arange(len(ids), dtype=np.int32)
            rows[np.isinf(data["logp"][:, 0])] = NONE
            table = np.stack((ids, rows), 1)
            self.stories = [table[a:b] for a, b in zip(starts, starts[1:])]
        else:
            flat = [[t for p in s for t in p] + [BOS] for s in encode_stories(path, tok)]
            self.stories = [np.stack((np.array(s, np.int32), np.full(len(s), NONE, np.int32)), 1) for s in flat]
        self.rng, self.iterators = rng, {}
        self.tokens = sum(map(len, self.stories))

    def whole(self, n: int):
        """Windows that begin at a story; stories follow each other after <|endoftext|>."""
        begin = np.array([[BOS, NONE]], np.int32)
        while True:
            window, size = [begin], 1
            for story in self.rng.sample(self.stories, len(self.stories)):
                window.append(story)  # its own end is the next one's beginning
                size += len(story)
                if size >= n:
                    yield np.concatenate(window)[:n]
                    window, size = [begin], 1

    def running(self, n: int):
        """Running text: BOS, then story after story joined by blank lines; a window begins at a paragraph."""
        begin = np.array([[BOS, NONE]], np.int32)
        gap = np.array([[g, NONE] for g in self.gap], np.int32)
        while True:
            window, size = [begin], 1
            for story in self.rng.sample(self.stories, len(self.stories)):
                starts = [0, *(i + 1 for i in np.flatnonzero(story[:-1, 0] == self.gap[0]))]
                for a, b in zip(starts, [*starts[1:], len(story)]):
                    paragraph = np.concatenate((story[a : b - 1], gap))  # its blank line, or its end, becomes a bare blank line
                    if b < len(story):
                        paragraph[-1] = story[b - 1]
                    window.append(paragraph)
                    size += len(paragraph)
                    if size >= n:
                        yield np.concatenate(window)[:n]
                        window, size = ([begin, paragraph], 1 + len(paragraph)) if len(paragraph) < n // 2 else ([begin], 1)

    def draw(self, kind: str, n: int) -> np.ndarray:
        """-> [n, 2]"""
        if (kind, n) not in self.iterators:
            self.iterators[kind, n] = getattr(self, kind)(n)
        return next(self.iterators[kind, n])


def loss_with_teacher(model: Llama, ids, targets, masks, top, p, soft):
    """Cross-entropy against the text and against the teacher's answers, weighed by soft [B]; where the teacher has
    none, against the text alone. What the sixteen leave of the probability is held against what the model leaves.

    ids, targets [B, T], masks [L, 2, B, 1, C], top [B, T, 16], p [B, T, 16] -> mean in nats, and that of the text alone
    """
    logq = model.logits(ids, masks).log_softmax(-1)
    hard = -logq.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    chosen = logq.gather(-1, top)
    rest = (1 - p.sum(-1)).clamp(0, 1)
    left = (1 - chosen.exp().sum(-1)).clamp(min=1e-5)
    answers = -(p * chosen).sum(-1) - rest * left.log()
    weight = soft.unsqueeze(1) * (p[..., 0] > 0)
    return ((1 - weight) * hard + weight * answers).mean(), hard.detach().mean()


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
    parser.add_argument("--tokens", type=int, required=True, help="the budget")
    parser.add_argument("--stop", type=float, default=1.0, help="leave at this fraction of the budget (trials)")
    parser.add_argument("--batch", type=int, default=4096, help="tokens per step")
    parser.add_argument("--lr", type=float, default=4e-3, help="Muon, scaled to the RMS of AdamW updates")
    parser.add_argument("--adam-lr", type=float, default=4e-3)
    parser.add_argument("--decay", type=float, default=0.2, help="weight decay (times the learning rate)")
    parser.add_argument("--dropout", type=float, default=0.05)
    parser.add_argument("--ema", type=float, default=0.995)
    parser.add_argument("--long-from", type=float, default=0.55, help="fraction from which windows have 512 tokens, 256 before")
    parser.add_argument("--cooldown", type=float, default=0.55, help="fraction at which the learning rate begins to fall")
    parser.add_argument("--snapshots-from", type=float, default=0.87, help="fraction from which each saved average is kept")
    parser.add_argument("--resume", action="store_true", help="go on from OUT/state.pt")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    torch.set_num_threads(2)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    tok = Tokenizer.from_file(str(args.tokenizer))
    labels = Labels()
    sources = {k: Source(args.data / f"{k}.txt", tok, rng, labels) for k in ("tiny", *MIXTURE)}
    labels.close()
    dev = dev_windows(args.data / "dev.txt", tok)
    model = Llama(Config(vocab_size=tok.get_vocab_size()))
    average = Llama(model.c).requires_grad_(False)
    average.load_state_dict(model.state_dict())
    print({k: s.tokens for k, s in sources.items()}, labels.rows, "labelled;", sum(p.numel() for p in model.parameters()), "parameters")

    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.ndim == 1 or "embed" in n]
    muon = torch.optim.Muon(matrices, lr=args.lr, weight_decay=args.decay, momentum=0.95, adjust_lr_fn="match_rms_adamw")
    adam = torch.optim.AdamW(others, lr=args.adam_lr, betas=(0.9, 0.98), weight_decay=0.0)
    compiled = torch.compile(loss_with_teacher, dynamic=False)
    layers, width = model.c.num_hidden_layers, model.c.hidden_size

    step = tokens = 0
    before = 0.0  # minutes spent by earlier processes
    if args.resume:
        state = torch.load(args.out / "state.pt")
        model.load_state_dict(state["model"])
        average.load_state_dict(torch.load(args.out / "average.pt"))
        muon.load_state_dict(state["muon"])
        adam.load_state_dict(state["adam"])
        step, tokens, before = state["step"], state["tokens"], state["minutes"]

    log = (args.out / "log.jsonl").open("a")
    start, best, losses, shown = time.time(), 9.0, [], -1.0
    while (f := tokens / args.tokens) < args.stop:
        n = 256 if f < args.long_from else 512
        shares = {k: ramp(f, v) for k, v in MIXTURE.items()}
        shares["tiny"] = 1 - sum(shares.values())
        names = rng.choices(list(shares), list(shares.values()), k=args.batch // n)
        rows = [sources[s].draw(rng.choice(["whole", "running"]), n + 1) for s in names]
        batch = torch.from_numpy(np.stack(rows)).long()  # [B, n + 1, 2]
        ids, targets = batch[:, :-1, 0].contiguous(), batch[:, 1:, 0].contiguous()
        top, chances = labels.look_up(batch[:, 1:, 1])
        soft = torch.tensor([SOFT.get(name, 0.0) for name in names])
        p = args.dropout * ramp(f, [(0.0, 0.3), (0.4, 1.0)])
        masks = (torch.rand(layers, 2, len(rows), 1, width) >= p).to(torch.bfloat16) / (1 - p)

        scale = ramp(f, [(0.0, 0.05), (0.02, 1.0), (args.cooldown, 1.0), (1.0, 0.0)])
        if f > args.cooldown:  # 1 - sqrt of the time into the cooldown falls faster at first
            scale = 0.5 * scale + 0.5 * (1 - math.sqrt(min(1.0, (f - args.cooldown) / (1 - args.cooldown))))
        for optimizer, lr in ((muon, args.lr), (adam, args.adam_lr)):
            optimizer.param_groups[0]["lr"] = lr * scale
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss, hard = compiled(model, ids, targets, masks, top, chances, soft)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad()
        step, tokens = step + 1, tokens + batch.shape[0] * n
        losses.append((loss.item(), hard.item()))
        weight = 1 - min(args.ema, (step + 1) / (step + 10))
        torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), weight)

        if f - shown > 0.02:
            score = bits_per_byte(average, dev)
            row = {"minutes": before + (time.time() - start) / 60, "step": step, "tokens": tokens, "scale": scale,
                   "loss": float(np.mean(losses, 0)[0]), "train_nats": float(np.mean(losses, 0)[1]),
                   "dev_bpb": score, "dev_bpb_raw": bits_per_byte(model, dev)}
            print(json.dumps({k: round(v, 4) for k, v in row.items()}), flush=True)
            log.write(json.dumps(row) + "\n")
            log.flush()
            losses, shown = [], f
            torch.save(average.state_dict(), args.out / "average.tmp")
            (args.out / "average.tmp").rename(args.out / "average.pt")
            if f >= args.snapshots_from:
                (args.out / "snapshots").mkdir(exist_ok=True)
                shutil.copy(args.out / "average.pt", args.out / "snapshots" / f"{step}.pt")
            torch.save({"model": model.state_dict(), "muon": muon.state_dict(), "adam": adam.state_dict(),
                        "step": step, "tokens": tokens, "minutes": row["minutes"]}, args.out / "state.tmp")
            (args.out / "state.tmp").rename(args.out / "state.pt")
            if score < best:
                best = score
                torch.save(average.state_dict(), args.out / "best.pt")
    torch.save(average.state_dict(), args.out / "average.pt")
    print(f"done: dev {bits_per_byte(average, dev):.4f} (best {best:.4f}), {tokens} tokens in {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
