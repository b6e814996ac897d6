# What one word changes: the next tokens after two prompts, and what one head attends to.
prompts = ["The little dog was very happy", "The little dog was very sad"]

for prompt in prompts:
    tokens = await client.post("tokenizer", "tokenize", {"text": prompt})
    ids = tokens["input_ids"]
    answer = await client.post("model", "forward", {"input_ids": [ids], "logits": "last"})
    row = answer["logits"].data.cast("B").cast("f").tolist()
    best = sorted(range(len(row)), key=row.__getitem__, reverse=True)[:5]
    texts = await client.post("tokenizer", "detokenize", {"input_ids": [[token] for token in best]})
    table(
        [{"token": text, "logit": round(row[token], 3)} for token, text in zip(best, texts["text"])],
        title=f"After “{prompt}”",
    )
