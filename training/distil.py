"""What the fine-tuned teacher says of a text, token by token; and stories that it writes, with the same.

`label` reads the stories of a text file, `write` samples stories from the teacher. Both write OUT.npz:

    ids    uint16  [N]     tokens of story after story, each ended by <|endoftext|>, which only begins the first
    starts int64   [S + 1] where each story begins in ids
    top    uint16  [N, 16] the teacher's sixteen likeliest tokens in place of ids[i], given its story so far
    logp   float16 [N, 16] their log-probabilities; -inf throughout where the story is longer than the teacher's window

A student that learns these sees sixteen answers for each token of text, and how likely each of them is.
"""

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from model import Llama
from teacher import CONFIG
from train import BOS, encode_stories

TOP, WINDOW = 16, 512


def load(path: Path) -> Llama:
    model = Llama(CONFIG)
    model.load_state_dict(torch.load(path))
    return model.to(torch.bfloat16).requires_grad_(False)


def save(path: Path, stories: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> None:
    ids, top, logp = (np.concatenate(part) for part in zip(*stories))
    starts = np.cumsum([0] + [len(s[0]) for s in stories])
    np.savez(path.with_suffix(".tmp.npz"), ids=ids.astype(np.uint16), starts=starts, top=top.astype(np.uint16), logp=logp.astype(np.float16))
    path.with_suffix(".tmp.npz").rename(path)


@torch.no_grad()
def label(model: Llama, tok: Tokenizer, text: Path, out: Path, limit: int) -> None:
    stories = [np.array([t for p in s for t in p] + [BOS]) for s in encode_stories(text, tok)]
    random.Random(0).shuffle(stories)
    stories = sorted(stories[:limit], key=len)  # alike lengths share a batch
    done, start, tokens = [], time.time(), 0
    while len(done) < len(stories):
        rows = stories[len(done) :][: max(1, 4096 // min(WINDOW, len(stories[len(done)]) + 8))]
        width = min(WINDOW, max(map(len, rows)))
        ids = torch.zeros(len(rows), width, dtype=torch.long)
        for i, r in enumerate(rows):
            ids[i, 1 : len(r)] = torch.from_numpy(r[: width - 1][: len(r) - 1])
        logp, top = model.logits(ids).log_softmax(-1).topk(TOP)
        for i, r in enumerate(rows):
            n = min(len(r), width)
            full = np.full((len(r), TOP), -np.inf, np.float32)
            index = np.zeros((len(r), TOP), np.int64)
            full[:n], index[:n] = logp[i, :n].numpy(), top[i, :n].numpy()
            done.append((r, index, full))
            tokens += len(r)
        if len(done) % 50 < len(rows):
            print(f"{len(done)} stories, {tokens} tokens in {time.time() - start:.0f} s", flush=True)
    save(out, done)


class Cache:
    """Keys and values of a batch that starts together, so one length serves all rows. It grows in pieces, so that the
    products run over whole tensors: a view of a longer one would be copied each time."""

    PIECE = 64

    def __init__(self, batch: int):
        shape = (batch, CONFIG.num_key_value_heads, 0, CONFIG.head_dim)
        layers = range(CONFIG.num_hidden_layers)
        self.k = [torch.zeros(shape, dtype=torch.bfloat16) for _ in layers]
        self.v = [torch.zeros(shape, dtype=torch.bfloat16) for _ in layers]

    @property
    def size(self) -> int:
        return self.k[0].shape[2]

    def make_room(self, t: int) -> None:
        if t >= self.size:
            self.k = [F.pad(x, (0, 0, 0, self.PIECE)) for x in self.k]
            self.v = [F.pad(x, (0, 0, 0, self.PIECE)) for x in self.v]

    def keep(self, rows: torch.Tensor) -> None:
        self.k = [x[rows] for x in self.k]
        self.v = [x[rows] for x in self.v]


def step(model: Llama, ids: torch.Tensor, cache: Cache, t: int) -> torch.Tensor:
    """ids [B] at position t -> logits [B, V]"""
    h, g, d = CONFIG.num_attention_heads, CONFIG.num_key_value_heads, CONFIG.head_dim
    cos, sin = model.cos[t].bfloat16(), model.sin[t].bfloat16()
    cache.make_room(t)
    hidden = torch.where(torch.arange(cache.size) > t, -torch.inf, 0.0)
    x = model.model.embed_tokens(ids)
    for i, layer in enumerate(model.model.layers):
        a, y = layer.self_attn, layer.input_layernorm(x)
        qk = torch.cat((a.q_proj(y), a.k_proj(y)), -1).view(len(ids), h + g, d)
        first, second = qk.chunk(2, -1)
        qk = qk * cos + torch.cat((-second, first), -1) * sin
        cache.k[i][:, :, t], cache.v[i][:, :, t] = qk[:, h:], a.v_proj(y).view(-1, g, d)
        q = qk[:, :h].reshape(len(ids), g, h // g, d) * d**-0.5
        scores = ((q @ cache.k[i].transpose(-1, -2)).float() + hidden).softmax(-1).bfloat16()
        x = x + a.o_proj((scores @ cache.v[i]).reshape(len(ids), -1))
        x = x + layer.mlp(layer.post_attention_layernorm(x))
    return F.linear(model.model.norm(x), model.model.embed_tokens.weight).float()


@torch.no_grad()
def write(model: Llama, tok: Tokenizer, out: Path, args: argparse.Namespace) -> None:
    gap, once = tok.encode("\n\n", add_special_tokens=False).ids[0], tok.encode("Once", add_special_tokens=False).ids[0]
    done, total, start, saved = [], 0, time.time(), time.time()
    while total < args.tokens and time.time() - start < 60 * args.minutes:
        cache, rows = Cache(args.batch), list(range(args.batch))
        ids = torch.full((args.batch,), BOS)
        story = [([], [], []) for _ in rows]
        for t in range(args.longest):
            logp = step(model, ids, cache, t).log_softmax(-1)
            best, top = logp.topk(64)  # the nucleus is cut from these
            p = best.exp()
            p = p * ((p.cumsum(-1) - p) < args.nucleus)
            ids = top.gather(1, torch.multinomial(p, 1)).squeeze(1)
            alive = []
            for n, (r, i, m, q) in enumerate(zip(rows, ids.tolist(), top[:, :TOP].numpy(), best[:, :TOP].numpy())):
                tokens, tops, logps = story[r]
                if i == once and tokens and tokens[-1] == gap:  # another story begins: this one has ended with the blank line
                    tokens[-1], logps[-1] = BOS, np.full_like(q, -np.inf)
                    continue
                tokens.append(i), tops.append(m), logps.append(q)
                if i != BOS:
                    alive.append(n)
            if not alive:
                break
            if len(alive) < len(rows):
                at = torch.tensor(alive)
                cache.keep(at)
                rows, ids = [rows[n] for n in alive], ids[at]
        for tokens, tops, logps in story:
            if tokens[-1] == BOS and len(tokens) > 40:
                done.append((np.array(tokens), np.stack(tops), np.stack(logps)))
                total += len(tokens)
        print(f"{len(done)} stories, {total} tokens in {time.time() - start:.0f} s", flush=True)
        if time.time() - saved > 240:
            save(out, done)
            saved = time.time()
    save(out, done)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["label", "write"])
    parser.add_argument("--teacher", type=Path, required=True, help="checkpoint written by teacher.py")
    parser.add_argument("--tokenizer", type=Path, required=True, help="our tokenizer.json")
    parser.add_argument("--out", type=Path, required=True, help="NAME.npz to write")
    parser.add_argument("--text", type=Path, help="label: stories, as written by prepare.py")
    parser.add_argument("--limit", type=int, default=10**9, help="label: this many stories at most")
    parser.add_argument("--tokens", type=int, default=2_000_000, help="write: stop at this many tokens")
    parser.add_argument("--minutes", type=float, default=1e9, help="write: or after this many minutes")
    parser.add_argument("--batch", type=int, default=128, help="write: stories at once")
    parser.add_argument("--nucleus", type=float, default=0.97)
    parser.add_argument("--longest", type=int, default=420, help="write: tokens; longer stories are dropped")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(args.seed)
    tok, model = Tokenizer.from_file(str(args.tokenizer)), load(args.teacher)
    if args.what == "label":
        label(model, tok, args.text, args.out, args.limit)
    else:
        write(model, tok, args.out, args)


if __name__ == "__main__":
    main()
