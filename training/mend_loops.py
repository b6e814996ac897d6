"""A last short stage against loops: the model writes greedily, and unlearns the tokens with which it repeats itself.

Sequence-level unlikelihood (Welleck et al. 2019, arXiv:1908.04319): prefixes of the in-style stories are continued greedily; a token
that ends a run of four which the continuation already holds costs -log(1 - p). Between these steps the model goes on with
text and teacher as in train.py, at the same small learning rate, so that it forgets nothing.
"""

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from model import Config, Llama
from train import BOS, SOFT, Labels, Source, bits_per_byte, dev_windows, loss_with_teacher

RUN = 4


@torch.no_grad()
def continue_greedily(model: Llama, prefixes: torch.Tensor, new: int) -> torch.Tensor:
    """prefixes [B, T] -> [B, T + new]; what follows <|endoftext|> is filled with it"""
    c = model.c
    h, g, d = c.num_attention_heads, c.num_key_value_heads, c.head_dim
    b, t = prefixes.shape
    ids = torch.cat((prefixes, torch.full((b, new), BOS)), 1)
    keys = [torch.zeros(b, g, t + new, d) for _ in range(c.num_hidden_layers)]
    values = [torch.zeros(b, g, t + new, d) for _ in range(c.num_hidden_layers)]
    ended = torch.zeros(b, dtype=torch.bool)
    begin = 0
    for end in range(t, t + new):
        cos, sin = model.cos[begin:end], model.sin[begin:end]
        x = model.model.embed_tokens(ids[:, begin:end])
        mask = torch.arange(end)[None, :] <= torch.arange(begin, end)[:, None]
        for i, layer in enumerate(model.model.layers):
            a, y = layer.self_attn, layer.input_layernorm(x)
            qk = torch.cat((a.q_proj(y), a.k_proj(y)), -1).view(b, -1, h + g, d).transpose(1, 2)
            first, second = qk.chunk(2, -1)
            qk = qk * cos + torch.cat((-second, first), -1) * sin
            keys[i][:, :, begin:end] = qk[:, h:]
            values[i][:, :, begin:end] = a.v_proj(y).view(b, -1, g, d).transpose(1, 2)
            k, v = (z[:, :, :end].repeat_interleave(h // g, 1) for z in (keys[i], values[i]))
            o = F.scaled_dot_product_attention(qk[:, :h], k, v, attn_mask=mask)
            x = x + a.o_proj(o.transpose(1, 2).reshape(b, -1, h * d))
            x = x + layer.mlp(layer.post_attention_layernorm(x))
        token = F.linear(model.model.norm(x[:, -1]), model.model.embed_tokens.weight).argmax(-1)
        ended |= token == BOS
        ids[:, end] = token.masked_fill(ended, BOS)
        begin = end
    return ids


def repeated(ids: torch.Tensor, start: int) -> torch.Tensor:
    """[B, T] -> whether the token ends a run of four that stands earlier in the continuation. [B, T]"""
    marks = torch.zeros(ids.shape, dtype=torch.bool)
    for row, mark in zip(ids.tolist(), marks):
        seen = set()
        for i in range(start + RUN - 1, len(row)):
            if row[i] == BOS:
                break
            run = tuple(row[i - RUN + 1 : i + 1])
            mark[i] = run in seen
            seen.add(run)
    return marks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True, help="averaged, as in export.py")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--weight", type=float, default=1.0, help="of the unlikelihood")
    parser.add_argument("--rows", type=int, default=48, help="continuations per step")
    parser.add_argument("--new", type=int, default=100, help="tokens of each")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    tok = Tokenizer.from_file(str(args.tokenizer))
    labels = Labels()
    sources = {k: Source(args.data / f"{k}.txt", tok, rng, labels) for k in ("tiny", "written")}
    labels.close()
    dev = dev_windows(args.data / "dev.txt", tok)
    states = [torch.load(p) for p in args.checkpoint]
    model = Llama(Config(vocab_size=tok.get_vocab_size()))
    model.load_state_dict({k: sum(s[k] for s in states) / len(states) for k in states[0]})
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, betas=(0.9, 0.98), weight_decay=0.0)
    print(f"before: dev {bits_per_byte(model, dev):.4f}", flush=True)
    start, shares, n = time.time(), [], 256
    for step in range(args.steps):
        optimizer.param_groups[0]["lr"] = args.lr * min(1.0, (step + 1) / 10) * min(1.0, 2 * (1 - step / args.steps))
        length = rng.choice([4, 8, 16, 32])
        prefixes = torch.from_numpy(np.stack([sources["tiny"].draw("whole", length)[:, 0] for _ in range(args.rows)])).long()
        ids = continue_greedily(model, prefixes, args.new)
        marks = repeated(ids, length)[:, 1:]
        shares.append(marks.float().sum().item() / (ids[:, length:] != BOS).sum().item())
        names = ["tiny"] * 6 + ["written"] * 2
        batch = torch.from_numpy(np.stack([sources[s].draw(rng.choice(["whole", "running"]), n + 1) for s in names])).long()
        top, chances = labels.look_up(batch[:, 1:, 1])
        soft = torch.tensor([SOFT[name] for name in names])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            learned, _ = loss_with_teacher(model, batch[:, :-1, 0], batch[:, 1:, 0], None, top, chances, soft)
            logp = model.logits(ids[:, :-1]).log_softmax(-1).gather(-1, ids[:, 1:].unsqueeze(-1)).squeeze(-1)
        against = -(torch.log((1 - logp.exp()).clamp(min=1e-4)) * marks).sum() / marks.sum().clamp(min=1)
        (learned + args.weight * against).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step % 10 == 9:
            print(f"{(time.time() - start) / 60:.1f} min, step {step + 1}: {100 * np.mean(shares[-10:]):.1f} % of the greedy tokens repeat, "
                  f"loss {learned.item():.3f}", flush=True)
        if step % 30 == 29:
            print(f"dev {bits_per_byte(model, dev):.4f}", flush=True)
            torch.save(model.state_dict(), args.out)
    torch.save(model.state_dict(), args.out)


if __name__ == "__main__":
    main()
