"""A small Llama decoder whose parameters carry the Hugging Face names.

Shapes: B windows, T tokens, C hidden size, H heads, G key/value heads, D head size, V vocabulary.
"""

import json
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Config:
    vocab_size: int = 2048
    hidden_size: int = 256
    intermediate_size: int = 512
    num_hidden_layers: int = 6
    num_attention_heads: int = 8
    num_key_value_heads: int = 2
    head_dim: int = 32
    max_position_embeddings: int = 512
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0

    def hugging_face(self) -> str:
        """Text of config.json."""
        extra = {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "hidden_act": "silu",
            "tie_word_embeddings": True,
            "attention_bias": False,
            "mlp_bias": False,
            "attention_dropout": 0.0,
            "initializer_range": 0.02,
            "use_cache": True,
            "bos_token_id": 0,
            "eos_token_id": 0,
            "pad_token_id": 0,
            "dtype": "float16",
            "torch_dtype": "float16",
        }
        return json.dumps(extra | asdict(self), indent=2) + "\n"


class Norm(nn.Module):
    def __init__(self, size: int, eps: float):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x):
        return F.rms_norm(x, x.shape[-1:], self.weight.to(x.dtype), self.eps)


class Attention(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.c = c
        linear = lambda i, o: nn.Linear(i, o, bias=False)
        self.q_proj = linear(c.hidden_size, c.num_attention_heads * c.head_dim)
        self.k_proj = linear(c.hidden_size, c.num_key_value_heads * c.head_dim)
        self.v_proj = linear(c.hidden_size, c.num_key_value_heads * c.head_dim)
        self.o_proj = linear(c.num_attention_heads * c.head_dim, c.hidden_size)

    def forward(self, x, cos, sin):
        b, t, _ = x.shape
        h, g, d = self.c.num_attention_heads, self.c.num_key_value_heads, self.c.head_dim
        qkv = F.linear(x, torch.cat((self.q_proj.weight, self.k_proj.weight, self.v_proj.weight)))
        qkv = qkv.view(b, t, h + 2 * g, d).transpose(1, 2)  # [B, H+2G, T, D]
        qk, v = qkv[:, : h + g], qkv[:, h + g :]
        a, z = qk.chunk(2, -1)
        qk = qk * cos + torch.cat((-z, a), -1) * sin
        q, k = qk[:, :h], qk[:, h:]
        k, v = k.repeat_interleave(h // g, 1), v.repeat_interleave(h // g, 1)
        o = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.o_proj(o.transpose(1, 2).reshape(b, t, h * d))


class MLP(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.gate_proj = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.up_proj = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.down_proj = nn.Linear(c.intermediate_size, c.hidden_size, bias=False)

    def forward(self, x):
        gate, up = F.linear(x, torch.cat((self.gate_proj.weight, self.up_proj.weight))).chunk(2, -1)
        return self.down_proj(F.silu(gate) * up)


class Block(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.self_attn, self.mlp = Attention(c), MLP(c)
        self.input_layernorm = Norm(c.hidden_size, c.rms_norm_eps)
        self.post_attention_layernorm = Norm(c.hidden_size, c.rms_norm_eps)

    def forward(self, x, cos, sin, keep):
        """keep: None or two channel masks [B, 1, C], already divided by the keep probability."""
        y = self.self_attn(self.input_layernorm(x), cos, sin)
        x = x + (y if keep is None else y * keep[0])
        y = self.mlp(self.post_attention_layernorm(x))
        return x + (y if keep is None else y * keep[1])


class Decoder(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.embed_tokens = nn.Embedding(c.vocab_size, c.hidden_size)
        self.layers = nn.ModuleList(Block(c) for _ in range(c.num_hidden_layers))
        self.norm = Norm(c.hidden_size, c.rms_norm_eps)


class Llama(nn.Module):
    """Tied output head: logits = norm(x) @ embed_tokens.weight.T"""

    def __init__(self, c: Config):
        super().__init__()
        self.c, self.model = c, Decoder(c)
        inv = c.rope_theta ** (-torch.arange(0, c.head_dim, 2).float() / c.head_dim)
        angle = torch.arange(c.max_position_embeddings).float()[:, None] * inv  # [T, D/2] radians
        self.register_buffer("cos", angle.cos().repeat(1, 2), persistent=False)
        self.register_buffer("sin", angle.sin().repeat(1, 2), persistent=False)
        for name, p in self.named_parameters():
            if p.ndim == 2:
                nn.init.normal_(p, std=0.02 if "embed" in name else 0.5 * p.shape[1] ** -0.5)
            if "o_proj" in name or "down_proj" in name:
                nn.init.zeros_(p)

    def hidden(self, ids, masks=None):
        """ids [B, T], masks [L, 2, B, 1, C] or None -> normed output of the last layer [B, T, C]"""
        t = ids.shape[1]
        x = self.model.embed_tokens(ids)
        dtype = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else x.dtype
        x, cos, sin = x.to(dtype), self.cos[:t].to(dtype), self.sin[:t].to(dtype)
        for i, layer in enumerate(self.model.layers):
            x = layer(x, cos, sin, None if masks is None else masks[i])
        return self.model.norm(x)

    def logits(self, ids, masks=None):
        """-> logits of the next token [B, T, V], float32"""
        return F.linear(self.hidden(ids, masks), self.model.embed_tokens.weight).float()

    def forward(self, ids, targets, masks=None):
        """ids, targets [B, T] (target -1 is ignored), masks as above -> mean loss in nats"""
        logits = self.logits(ids, masks)
        return F.cross_entropy(logits.view(-1, self.c.vocab_size), targets.reshape(-1), ignore_index=-1)
