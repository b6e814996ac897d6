# The seed: the design's own use of the workbench, with its constants filled in.
import asyncio

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
print("logits", model_result["data"]["logits"])

# Zero-cost: the same call is a function call, and its answer the bare result.
client.enable_restful_mode(False)
tokens = await client.post("tokenizer", "tokenize", {"text": "Hello world"})
print("ids", tokens["input_ids"])

test_results = await tester.run_service_tests("tokenizer")
print(test_results["passed"], "of", test_results["passed"] + test_results["failed"], "examples of the tokenizer pass")
