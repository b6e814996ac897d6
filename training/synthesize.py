"""Sample stories from a small published Llama model, as extra text for the early part of training.

The teacher is karpathy's stories260K (MIT), itself trained on the whole of TinyStories. Stories are
sampled from BOS at temperature 1 with nucleus 0.95; nothing else conditions them. Needs gcc.
"""

import argparse
import ctypes
import subprocess
import time
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

SEP = "<|endoftext|>"


def layout(layers: int) -> list[str]:
    """Names of the weights in the order in which sampler.c reads them."""
    parts = ["input_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
             "post_attention_layernorm", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]
    names = ["embed_tokens", *(f"layers.{i}.{p}" for i in range(layers) for p in parts), "norm"]
    return [f"model.{n}.weight" for n in names]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="text file to write")
    parser.add_argument("--megabytes", type=float, default=12)
    parser.add_argument("--top-p", type=float, default=0.95)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    library = args.out.with_suffix(".so").resolve()
    subprocess.run(["gcc", "-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", "-o", library,
                    Path(__file__).with_name("sampler.c"), "-lm"], check=True)
    sample = ctypes.CDLL(str(library)).sample
    tensors = load_file(args.teacher / "model.safetensors")
    weights = np.concatenate([tensors[n].astype(np.float32).ravel() for n in layout(5)])
    tok = Tokenizer.from_file(str(args.teacher / "tokenizer.json"))
    ids, size, seed, start = np.zeros(512, np.int32), 0, args.seed * 10_000_000, time.time()
    with args.out.with_suffix(".tmp").open("w") as out:
        while size < args.megabytes * 1e6:
            seed += 1
            n = sample(weights.ctypes.data_as(ctypes.c_void_p), ctypes.c_float(args.top_p), ctypes.c_uint64(seed),
                       ctypes.c_int(511), ids.ctypes.data_as(ctypes.c_void_p))
            text = "\n\n".join(p.strip() for p in tok.decode(ids[:n].tolist()).splitlines() if p.strip())
            if len(text) > 200 and "�" not in text:
                size += out.write(f"{text}\n{SEP}\n")
            if seed % 1000 == 0:
                print(f"{size / 1e6:.2f} MB in {time.time() - start:.0f} s", flush=True)
    args.out.with_suffix(".tmp").rename(args.out)


if __name__ == "__main__":
    main()
