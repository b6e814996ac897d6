"""Writes stages.json: what the Rust library (tokenizers 0.23.3) makes of single stages, for those that no fixture holds.

    python make_stages.py > stages.json

Offsets count UTF-16 code units.
"""

import json

from tokenizers import Tokenizer

TEXT = "The cat's  😀 cost: 12½€, não?\n(x.y)"

BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
METASPACE = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}

PRE_TOKENIZERS = [
    {"type": "Whitespace"},
    {"type": "WhitespaceSplit"},
    {"type": "BertPreTokenizer"},
    {"type": "Punctuation", "behavior": "Isolated"},
    {"type": "Punctuation", "behavior": "Contiguous"},
    {"type": "Digits", "individual_digits": True},
    {"type": "Digits", "individual_digits": False},
    {"type": "CharDelimiterSplit", "delimiter": "c"},
    {"type": "FixedLength", "length": 7},
    *(
        {"type": "Split", "pattern": {"Regex": "\\s|\\."}, "behavior": behavior, "invert": invert}
        for behavior in BEHAVIORS
        for invert in (False, True)
    ),
    {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithNext", "invert": False},
    # What settles on its first way: without the sign, other ways would be tried.
    *[
        {"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": False}
        for regex in ["\\p{L}++e|t", "(?>t|to|c|co)s|a", "(?i:T*+h|C?+os)|(?>x(?>\\.+|y)|z)y?", "\\s?+ |\\S++\\n?"]
    ],
    METASPACE,
    {**METASPACE, "prepend_scheme": "never"},
    {**METASPACE, "prepend_scheme": "first", "split": False},
    BYTE_LEVEL,
    {**BYTE_LEVEL, "add_prefix_space": False, "use_regex": False},
    {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, METASPACE]},
]

BERT = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}

NORMALIZERS = [
    ({"type": "NFD"}, "é각Ǻ"),
    ({"type": "NFC"}, "e\u0301o\u0323\u0302x\u0301\u0323"),
    ({"type": "NFKC"}, "ﬁ½ｶﾞⅧ\u1100\u1161\u11a8"),
    ({"type": "NFKD"}, "ﬁÅ😀"),
    ({"type": "Lowercase"}, "ΑΣ İß😀É"),
    ({"type": "StripAccents"}, "e\u0301कि"),
    ({"type": "Strip", "strip_left": True, "strip_right": True}, " \u00a0a b\n"),
    ({"type": "Strip", "strip_left": False, "strip_right": True}, " a "),
    ({"type": "Prepend", "prepend": "▁"}, "😀a"),
    ({"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": "▁▁"}, "a  b \n😀"),
    ({"type": "Replace", "pattern": {"String": "😀"}, "content": ""}, "a😀b"),
    ({"type": "Nmt"}, "a\u0007\u200bb\ufeffc"),
    (BERT, "É\u0007世\tA"),
    ({**BERT, "clean_text": False, "handle_chinese_chars": False, "strip_accents": False}, "É世"),
    ({"type": "ByteLevel"}, "é 😀"),
]

DECODERS = [
    ({"type": "WordPiece", "prefix": "##", "cleanup": True}, ["a", "##b", ".", "do", "n't"]),
    ({"type": "WordPiece", "prefix": "##", "cleanup": False}, ["##a", "##b", "."]),
    ({"type": "BPEDecoder", "suffix": "</w>"}, ["a</w>", "b", "c</w>"]),
    (
        {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
        ["h", "h", "<pad>", "h", "|", "|", "i"],
    ),
    (METASPACE, ["▁a▁", "▁b"]),
    ({**METASPACE, "prepend_scheme": "never"}, ["▁a", "▁b"]),
    (None, ["a", "b"]),
    (BYTE_LEVEL, ["Ã", "©", "a b", "ð"]),
    (
        {
            "type": "Sequence",
            "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": "x", "start": 2, "stop": 1}],
        },
        ["x", "x", "x", "<0xC3>", "<0xA9>", "<0xC3>", "ax", "x"],
    ),
    (
        {
            "type": "Sequence",
            "decoders": [
                {"type": "Strip", "content": "x", "start": 1, "stop": 0},
                {"type": "Fuse"},
                {"type": "Replace", "pattern": {"String": "ab"}, "content": "Z"},
            ],
        },
        ["xa", "b", "xx"],
    ),
    ({"type": "Sequence", "decoders": [{"type": "ByteFallback"}, METASPACE]}, ["<0xE2>", "<0x96>", "<0x81>", "▁a"]),
]


def tokenizer(vocab=("[UNK]",), normalizer=None, pre_tokenizer=None, decoder=None):
    """A tokenizer with these stages around a list of words."""
    words = list(dict.fromkeys(vocab))
    model = {"type": "WordLevel", "vocab": {word: index for index, word in enumerate(words)}, "unk_token": words[0]}
    stages = {"normalizer": normalizer, "pre_tokenizer": pre_tokenizer, "post_processor": None, "decoder": decoder}
    return Tokenizer.from_str(json.dumps({"version": "1.0", "added_tokens": [], **stages, "model": model}))


def utf16_positions(text):
    positions = [0]
    for character in text:
        positions.append(positions[-1] + (2 if ord(character) > 0xFFFF else 1))
    return positions


def pre_tokenized(stage):
    at = utf16_positions(TEXT)
    pieces = tokenizer(pre_tokenizer=stage).pre_tokenizer.pre_tokenize_str(TEXT)
    return [stage, [[piece, at[start], at[end]] for piece, (start, end) in pieces]]


def normalized(stage, text):
    """The normalised text, and the range that each of its characters came from."""
    at = utf16_positions(text)
    one_by_one = tokenizer(normalizer=stage, pre_tokenizer={"type": "FixedLength", "length": 1})
    ranges = [[at[start], at[end]] for start, end in one_by_one.encode(text).offsets]
    return [stage, text, one_by_one.normalizer.normalize_str(text), ranges]


def decoded(stage, tokens):
    vocabulary = tokenizer(tokens, decoder=stage)
    return [stage, tokens, vocabulary.decode([vocabulary.token_to_id(token) for token in tokens])]


def lines(rows):
    return "[\n" + ",\n".join("  " + json.dumps(row) for row in rows) + "\n]"


print(
    f'{{"text": {json.dumps(TEXT)},\n'
    f'"pre_tokenizers": {lines(map(pre_tokenized, PRE_TOKENIZERS))},\n'
    f'"normalizers": {lines(normalized(*case) for case in NORMALIZERS)},\n'
    f'"decoders": {lines(decoded(*case) for case in DECODERS)}}}'
)
