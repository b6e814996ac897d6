# A norm in Python: tried, made active, seen in the next tokens, taken back.
norm = '''
def norm(g, inputs):
    x = inputs.x
    if inputs.kind == "layer_norm":
        return g.layer_norm(x, inputs.weight, inputs.bias, inputs.epsilon)
    # The mean of the magnitudes in place of the root of the mean square.
    return g.mul(g.div(x, g.add(g.mean(g.abs(x), -1), inputs.epsilon)), inputs.weight)
'''
prompt = "The little dog was very"


async def best(count=5):
    tokens = await client.post("tokenizer", "tokenize", {"text": prompt})
    answer = await client.post("model", "forward", {"input_ids": [tokens["input_ids"]], "logits": "last"})
    logits = answer["logits"].data.cast("B").cast("f").tolist()
    ids = sorted(range(len(logits)), key=logits.__getitem__, reverse=True)[:count]
    texts = await client.post("tokenizer", "detokenize", {"input_ids": [[token] for token in ids]})
    return texts["text"]


before = await best()
await designer.patch_code("model.norm", norm, "python")
try:
    after = await best()
finally:
    # The version that came with the workbench.
    await client.post("code", "resources/model.norm/revert")
table([{"built in": a, "patched": b} for a, b in zip(before, after)], title=f"After “{prompt}”")
