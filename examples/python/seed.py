# The seed: the design's own use of the workbench, with its constants filled in.
from glassbox import GlassboxError

new_attention_code = '''"""Attention to the last tokens only."""
WINDOW = 64

def attention(g, inputs):
    layer = inputs.layer
    per_kv_head = layer.num_heads // layer.num_kv_heads
    mask = inputs.mask(layer.sliding_window or WINDOW)
    queries = g.transpose(inputs.q, [0, 2, 1, 3])
    keys = g.repeat(inputs.keys(), 1, per_kv_head)
    values = g.repeat(inputs.values(), 1, per_kv_head)
    scores = g.mul(g.matmul(queries, g.transpose(keys, [0, 1, 3, 2])), layer.scale)
    probabilities = g.softmax(g.add(scores, mask), -1)
    heads = g.matmul(probabilities, values)
    output = g.reshape(g.transpose(heads, [0, 2, 1, 3]), ["B", "T", layer.num_heads * layer.head_dim])
    return {"output": output, "probabilities": probabilities} if inputs.want_probabilities else output
'''

# RESTful: each call is a request, and its answer an envelope.
client.enable_restful_mode(True)
token_result = await client.post("tokenizer", "tokenize", {"text": "Hello world", "add_special_tokens": True})
# {"data": {...}, "metadata": {...}, "examples": {...}}
print(token_result)
examples = await client.get("tokenizer", "examples")
print(len(examples["data"]["examples"]), "examples of the tokenizer")
model_result = await client.post("model", "forward", {"input_ids": [[101, 2023, 2003]], "attention_mask": [[1, 1, 1]]})
print(model_result["data"]["logits"])

# Zero-cost: the same call is a function call in the worker, and its answer the bare result.
client.enable_restful_mode(False)
tokens = await client.post("tokenizer", "tokenize", {"text": "Hello world"})
print(tokens["input_ids"])
text = await client.get("tokenizer", f"detokenize/{tokens['id']}")
print(text["text"])

# A plan is kept under its id; a run of it is held against the logits of its example. This model knows more than three tokens, and the run says so.
try:
    await client.delete("computation", "plans/flash_attention_v2")
except GlassboxError:
    pass  # It is the first time.
plan = await designer.create_execution_plan(
    {
        "id": "flash_attention_v2",
        "plan": {"batch_size": 4, "kernel": "flash_attention"},
        "example_input": {"text": "Hello world"},
        "example_output": {"logits": [0.1, 0.2, 0.7]},
    }
)
print("kept:", plan["id"], plan["kernel"], plan["batch_size"])
run = await client.post("computation", "execute", {"plan_id": plan["id"]})
print("held against its example:", run["example"]["problems"][0]["message"])

# New code is active once it passed its cases; the active version stays where it does not. Then the built-in version is active again.
patched = await designer.patch_code("model", new_attention_code, "python")
print("active:", patched["resource"]["language"])
await client.post("code", "resources/model.attention/revert")

experiment = await researcher.run_experiment(
    {"batch_size": 4, "seq_len": 512, "kernel": "flash_attention", "memory_strategy": "dynamic"}
)
measured = ("prefill_tokens_per_second", "decode_tokens_per_second", "peak_kv_bytes")
table([{"state": run["state"], **{name: run["metrics"][name] for name in measured}} for run in experiment["runs"]], title="The experiment")

test_results = await tester.run_service_tests("tokenizer")
print(test_results["passed"], "of", test_results["passed"] + test_results["failed"], "examples of the tokenizer pass")
