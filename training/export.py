"""Write a checkpoint as a Hugging Face folder: float16 model.safetensors, config.json, generation_config.json.

model.safetensors replaces the old file by an atomic rename. The tied output head is not stored.
Several checkpoints given are averaged.
"""

import argparse
import json
import os
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

from model import Config, Llama

GENERATION = {"bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0, "do_sample": True,
              "temperature": 0.7, "top_p": 0.9, "max_length": 512}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True, help="average.pt of a training run")
    parser.add_argument("--tokenizer", type=Path, help="folder with tokenizer.json and tokenizer_config.json, if not --out")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    states = [torch.load(p) for p in args.checkpoint]
    mean = {k: sum(s[k].double() for s in states) / len(states) for k in states[0]}
    layers = len([k for k in mean if k.endswith("q_proj.weight")])
    wide, hidden = mean["model.layers.0.mlp.up_proj.weight"].shape
    config = Config(vocab_size=len(mean["model.embed_tokens.weight"]), hidden_size=hidden,
                    intermediate_size=wide, num_hidden_layers=layers)
    Llama(config).load_state_dict(mean)  # names and shapes fit
    assert max(v.abs().max() for v in mean.values()) < 60000
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "config.json").write_text(config.hugging_face())
    (args.out / "generation_config.json").write_text(json.dumps(GENERATION, indent=2) + "\n")
    if args.tokenizer:
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(args.tokenizer / name, args.out / name)
    temporary = args.out / "model.safetensors.tmp"
    save_file({k: v.to(torch.float16).contiguous() for k, v in mean.items()}, temporary, metadata={"format": "pt"})
    os.replace(temporary, args.out / "model.safetensors")
    count = sum(v.numel() for v in mean.values())
    print(f"{count} parameters, model.safetensors {(args.out / 'model.safetensors').stat().st_size} bytes")


if __name__ == "__main__":
    main()
