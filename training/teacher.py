"""Fine-tune a published language model into a teacher that speaks our tokenizer's tokens.

The teacher is SmolLM2-135M-Instruct (Apache 2.0). Its body stays; its embeddings are replaced: a token of ours
takes the vector of the same text in the old tokenizer, the mean where that text is several old tokens.
Then the whole model learns the in-style stories for less than one pass, so that it cannot know them by heart.
"""

import argparse
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from model import Config, Llama
from train import BOS, Source, bits_per_byte, dev_windows

CONFIG = Config(vocab_size=2048, hidden_size=576, intermediate_size=1536, num_hidden_layers=30, num_attention_heads=9,
                num_key_value_heads=3, head_dim=64, rope_theta=100000.0)


def adopt(folder: Path, tok: Tokenizer) -> Llama:
    """The published weights with embeddings for our tokens."""
    weights = {n: t.float() for n, t in load_file(folder / "model.safetensors").items()}
    theirs = Tokenizer.from_file(str(folder / "tokenizer.json"))
    old, rows, exact = weights["model.embed_tokens.weight"], [], 0
    for i in range(tok.get_vocab_size()):
        raw = tok.id_to_token(i)
        same = theirs.token_to_id(raw)  # both vocabularies spell bytes in the GPT-2 way
        if i == BOS:
            same = theirs.token_to_id("<|endoftext|>")
        if same is None:
            # a byte alone that theirs never has stands in the middle of all
            ids = theirs.encode(tok.decode([i]), add_special_tokens=False).ids
            rows.append((old[ids] if len(raw) > 1 else old).mean(0))
        else:
            exact += 1
            rows.append(old[same])
    print(exact, "of", len(rows), "tokens are the same in both vocabularies")
    weights["model.embed_tokens.weight"] = torch.stack(rows)
    weights.pop("lm_head.weight", None)
    model = Llama(CONFIG)
    model.load_state_dict(weights)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", type=Path, required=True, help="Hugging Face folder of SmolLM2-135M-Instruct")
    parser.add_argument("--data", type=Path, required=True, help="folder written by prepare.py")
    parser.add_argument("--tokenizer", type=Path, required=True, help="our tokenizer.json")
    parser.add_argument("--out", type=Path, required=True, help="checkpoint to write")
    parser.add_argument("--steps", type=int, default=280)
    parser.add_argument("--batch", type=int, default=2048, help="tokens per step")
    parser.add_argument("--lr", type=float, default=4e-4)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    torch.set_num_threads(2)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    tok = Tokenizer.from_file(str(args.tokenizer))
    model = adopt(args.published, tok)
    source, dev = Source(args.data / "tiny.txt", tok, rng), dev_windows(args.data / "dev.txt", tok)
    dev = (dev[0][::3], dev[1][::3], dev[2] / len(dev[0]) * len(dev[0][::3]))  # a third is enough to watch
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, betas=(0.9, 0.98), weight_decay=0.05)
    compiled = torch.compile(model, dynamic=False)
    n, start, losses = 256, time.time(), []
    for step in range(args.steps):
        f = step / args.steps
        optimizer.param_groups[0]["lr"] = args.lr * min(1.0, (step + 1) / 15) * 0.5 * (1 + math.cos(math.pi * f))
        rows = torch.from_numpy(np.stack([source.draw("whole" if rng.random() < 0.7 else "running", n + 1)[:, 0] for _ in range(args.batch // n)])).long()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = compiled(rows[:, :-1].contiguous(), rows[:, 1:].contiguous())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        if step % 20 == 19:
            print(f"{(time.time() - start) / 60:.1f} min, step {step + 1}, loss {sum(losses) / len(losses):.3f} nats", flush=True)
            losses = []
            torch.save({k: v.bfloat16() for k, v in model.state_dict().items()}, args.out)
    torch.save({k: v.bfloat16() for k, v in model.state_dict().items()}, args.out)
    print(f"dev {bits_per_byte(model, dev):.4f} bits per byte")


if __name__ == "__main__":
    main()
