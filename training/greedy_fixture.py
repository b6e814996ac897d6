"""Write twenty greedy continuations of the model folder as a fixture (float32 compute of the float16 weights)."""

import argparse
import hashlib
import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = [
    "", "Once upon a time", "One day, a little girl named Mia", "The dog was hungry, so", "Tom and Lily went to the park.",
    "Mom said, \"Please clean your room.\"", "It was raining outside, and", "The old man had a big red boat.\n\n",
    "\"Can you help me?\" asked the cat.", "In the forest there lived a small bear who", "Sam was sad because",
    "There were 12 apples and 305 pears.", "The queen had a secret", "  Two spaces first", "Lily's mom couldn't find it. \"I'm sorry!\"",
    "Ein kleines M\u00e4dchen", "\u732b\u304c\u597d\u304d", "The rocket \U0001f680 flew up", "THE END.", "A",
]


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--new-tokens", type=int, default=48)
    parser.add_argument("model", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    tok = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32).eval()
    cases = []
    for prompt in PROMPTS:
        ids = tok(prompt).input_ids
        assert ids[0] == tok.bos_token_id
        sequence, margins = list(ids), []
        for _ in range(args.new_tokens):  # stops after <|endoftext|>, which is kept
            two = model(torch.tensor([sequence])).logits[0, -1].topk(2)
            margins.append((two.values[0] - two.values[1]).item())
            sequence.append(two.indices[0].item())
            if sequence[-1] == tok.eos_token_id:
                break
        # least_margin: smallest lead of the best over the second logit; how near another choice was
        cases.append({"prompt": prompt, "input_ids": ids, "output_ids": sequence[len(ids):],
                      "least_margin": round(min(margins), 4)})
    weights = (args.model / "model.safetensors").read_bytes()
    head = {"model_sha256": hashlib.sha256(weights).hexdigest(), "new_tokens": args.new_tokens, "compute": "float32"}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    body = json.dumps(head, indent=2)[:-2] + ',\n  "cases": [\n    ' + ",\n    ".join(json.dumps(c) for c in cases) + "\n  ]\n}\n"
    json.loads(body)
    temporary = args.out.with_suffix(".tmp")
    temporary.write_text(body, "utf-8")
    temporary.replace(args.out)


if __name__ == "__main__":
    main()
