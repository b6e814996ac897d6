"""Train the byte-level BPE tokenizer and write tokenizer.json, tokenizer_config.json, special files.

Every byte has a token, so any text round-trips; there is no normalizer. Digits stand alone.
Id 0 is <|endoftext|>: beginning of sequence, end of sequence and padding.
"""

import argparse
import json
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

EOT = "<|endoftext|>"
# contractions | word with its leading space | one digit | punctuation run | newline run | spaces
PATTERN = r"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|[\r\n]+|\s+(?!\S)|\s+"
# A base model knows no roles: the template only lays the messages out as paragraphs of one story.
CHAT_TEMPLATE = (
    "{#- A story model without chat training: message contents become paragraphs of one story. -#}"
    "{{ bos_token }}"
    "{%- for message in messages -%}"
    "{{ message['content'] }}"
    "{%- if not loop.last or add_generation_prompt -%}{{ '\\n\\n' }}{%- endif -%}"
    "{%- endfor -%}"
)


def train(texts: list[str], vocab_size: int) -> Tokenizer:
    tok = Tokenizer(models.BPE())
    tok.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tok.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[EOT],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        min_frequency=2,
        show_progress=False,
    )
    tok.train_from_iterator(texts, trainer)
    tok.post_processor = processors.TemplateProcessing(
        single=f"{EOT} $A", pair=f"{EOT} $A {EOT}:1 $B:1", special_tokens=[(EOT, tok.token_to_id(EOT))]
    )
    return tok


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder written by prepare.py")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--vocab", type=int, default=2048)
    args = parser.parse_args()
    read = lambda name: (args.data / name).read_text("utf-8").split(f"\n{EOT}\n")
    # In-style text sets the merges; the African stories and 4 % of the books add a few other words.
    texts = read("tiny.txt") + read("africa.txt") + read("books.txt")[::25]
    tok = train(texts, args.vocab)
    args.out.mkdir(parents=True, exist_ok=True)
    tok.save(str(args.out / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": EOT,
        "eos_token": EOT,
        "pad_token": EOT,
        "add_bos_token": True,
        "add_eos_token": False,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 512,
        "chat_template": CHAT_TEMPLATE,
    }
    (args.out / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
    dev = (args.data / "dev.txt").read_text("utf-8").replace(f"\n{EOT}\n", "\n\n")
    n = len(tok.encode(dev, add_special_tokens=False).ids)
    print(f"{tok.get_vocab_size()} tokens, {len(dev.encode()) / n:.3f} bytes per token on dev")
    probe = "Héllo wörld 🐘 12345\n\n  two  spaces\tand 漢字 \x00 it's I'M"
    assert tok.decode(tok.encode(probe, add_special_tokens=False).ids) == probe


if __name__ == "__main__":
    main()
