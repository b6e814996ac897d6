"""Draw the loss curve of a training run: loss.png."""

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, required=True, help="log.jsonl of train.py")
    parser.add_argument("--baseline", type=float, help="bits per byte of stories260K on the same dev text")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.log.read_text().splitlines()][1:]
    x = [r["tokens"] / 1e6 for r in rows]
    figure, axes = plt.subplots(figsize=(7, 3.6), dpi=80)
    axes.plot(x, [r["dev_bpb_raw"] for r in rows], color="#bbbbbb", lw=1, label="dev, current weights")
    axes.plot(x, [r["dev_bpb"] for r in rows], color="#1864ab", lw=2, label="dev, averaged weights")
    if args.baseline:
        axes.axhline(args.baseline, color="#e8590c", ls="--", lw=1, label=f"stories260K ({args.baseline:.3f})")
    axes.set_xlabel("training tokens, millions")
    axes.set_ylabel("bits per byte")
    axes.grid(alpha=0.3)
    axes.legend()
    second = axes.twinx()
    second.plot(x, [r["scale"] for r in rows], color="#2b8a3e", lw=1, ls=":")
    second.set_ylabel("learning rate, relative", color="#2b8a3e")
    second.set_ylim(0, 1.05)
    figure.tight_layout()
    figure.savefig(args.out)


if __name__ == "__main__":
    main()
