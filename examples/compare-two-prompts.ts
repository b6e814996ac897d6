// Two prompts that differ in one word, looked at through the model's own services.
// Every call here is an HTTP request with an envelope and a status; the same script runs with `enableRestfulMode(false)`.
client.enableRestfulMode(true);

const prompts = ['The little dog was very happy', 'The little dog was very sad'];

// Text to ids. A list of texts gives lists of ids.
const { input_ids, tokens } = await client.post('tokenizer', 'tokenize', { text: prompts });
const ids = input_ids as number[][];
const pieces = tokens as string[][];
print('Tokens', ...pieces.map((each) => each.length));

// One ragged batch: the five likeliest next tokens of each prompt, and what attention looked at in the first layer.
const { top_k, captures } = await client.post('model', 'forward', {
  input_ids: ids,
  logits: 'top_k',
  top_k: 5,
  capture: ['attentions.0'],
});

for (const [i, candidates] of (top_k ?? []).entries()) {
  table(
    candidates.map(({ token, logit, logprob }) => ({ token, logit, probability: Math.exp(logprob) })),
    { title: `After “${prompts[i]}”` },
  );
}

// How far the two distributions are apart, over the tokens that both name. Detokenizing makes text of what the vocabulary holds.
const [happy = [], sad = []] = top_k ?? [];
for (const { token_id, logprob } of happy) {
  const other = sad.find((each) => each.token_id === token_id);
  if (!other) continue;
  const { text } = await client.post('tokenizer', 'detokenize', { input_ids: [token_id] });
  print(`“${text as string}” is ${Math.exp(logprob - other.logprob).toFixed(2)} times as likely after “${prompts[0]}”`);
}

// Attention of head 0 of layer 0, as a picture: each row is a token that looks back. [B, H, T, T]
const attention = captures['attentions.0'];
const labels = pieces[0]!;
if (attention)
  plot({
    kind: 'heatmap',
    title: 'Layer 0, head 0',
    values: attention,
    at: [0, 0],
    labels,
    row_labels: labels,
    x_label: 'attends to',
    y_label: 'token',
  });

export {}; // oxlint-disable-line unicorn/require-module-specifiers -- makes this file a module for the type checker
