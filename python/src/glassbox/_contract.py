"""What the roles know of the contract; made from it by src/client/python-roles.test.ts."""

#: The resource that stands for a whole service.
FIRST_RESOURCE: dict[str, str] = {
    "model": "model.attention",
    "tokenizer": "tokenizer.normalizer",
    "memory": "memory.eviction",
    "scheduler": "scheduler.policy",
}

#: Fields of an execution plan.
PLAN_FIELDS: tuple[str, ...] = (
    "kernel",
    "batch_size",
    "seq_len",
    "decode_tokens",
    "memory_strategy",
    "block_size",
    "prefix_caching",
    "policy",
    "step_mode",
    "token_budget",
    "chunk_size",
    "execution_provider",
    "compute_dtype",
    "code_revisions",
)
