"""Write the model card: scores from scores.json, ten greedy and ten sampled continuations as they come."""

import argparse
import json
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = [
    "Once upon a time",
    "One day, a little girl named Mia",
    "The dog was hungry, so",
    "Tom and his sister went to the beach.",
    "Mom said, \"Please clean your room.\"",
    "It was raining outside, and",
    "The old man had a big red boat.",
    "\"Can you help me?\" asked the cat.",
    "In the forest there lived a small bear who",
    "Sam was sad because",
]

# The penalty keeps phrases from coming again at once.
SAMPLING = {"temperature": 0.7, "top_p": 0.9, "top_k": 0, "repetition_penalty": 1.1}


@torch.no_grad()
def continuations(folder: Path, new_tokens: int):
    """Yield (prompt, greedy text, seed, sampled text)."""
    tok = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    for i, prompt in enumerate(PROMPTS):
        ids = tok(prompt, return_tensors="pt").input_ids
        run = lambda **kw: tok.decode(
            model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=new_tokens, max_length=None, **kw)[0][ids.shape[1]:],
            skip_special_tokens=True)
        greedy = run(do_sample=False, temperature=None, top_p=None)
        torch.manual_seed(i + 1)
        yield prompt, greedy, i + 1, run(do_sample=True, **SAMPLING)


def quote(prompt: str, text: str) -> str:
    lines = f"**{prompt}**{text}".replace("*", "*").split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--card", type=Path, required=True, help="text of the card with {placeholders}")
    parser.add_argument("--facts", type=Path, required=True, help="JSON of the placeholders' values")
    parser.add_argument("--new-tokens", type=int, default=120)
    parser.add_argument("model", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(2)
    rows = list(continuations(args.model, args.new_tokens))
    facts = json.loads(args.facts.read_text())
    facts["greedy"] = "\n\n".join(f"{i}.\n\n{quote(p, g)}" for i, (p, g, _, _) in enumerate(rows, 1))
    facts["sampled"] = "\n\n".join(f"Seed {s}:\n\n{quote(p, t)}" for p, _, s, t in rows)
    card = args.card.read_text("utf-8")
    for key, value in facts.items():
        card = card.replace("{" + key + "}", str(value))
    temporary = args.model / "README.md.tmp"
    temporary.write_text(card, "utf-8")
    temporary.replace(args.model / "README.md")


if __name__ == "__main__":
    main()
