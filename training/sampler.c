/* One Llama sequence sampled token by token, float32, one thread. Compiled and called by synthesize.py.
   All weights lie in one array in the order of `layout` there; matrices are [out, in]. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { C = 64, F = 172, L = 5, H = 8, G = 4, D = 8, V = 512, T = 512 };

typedef struct { float n1[C], q[H * D * C], k[G * D * C], v[G * D * C], o[C * H * D], n2[C], gate[F * C], up[F * C], down[C * F]; } Layer;
typedef struct { float embed[V * C]; Layer layer[L]; float norm[C]; } Model;

static float keys[L][G][T][D], values[L][G][T][D];

static void matvec(float *y, const float *w, const float *x, int out, int in) {
  for (int i = 0; i < out; i++) {
    float s = 0;
    for (int j = 0; j < in; j++) s += w[i * in + j] * x[j];
    y[i] = s;
  }
}
static void norm(float *y, const float *x, const float *w) {
  float s = 0;
  for (int i = 0; i < C; i++) s += x[i] * x[i];
  s = 1 / sqrtf(s / C + 1e-5f);
  for (int i = 0; i < C; i++) y[i] = x[i] * s * w[i];
}
static void rotate(float *x, int heads, int t) { /* first half with second half, as Hugging Face does */
  for (int j = 0; j < D / 2; j++) {
    float angle = t * powf(10000, -2.f * j / D), c = cosf(angle), s = sinf(angle);
    for (int h = 0; h < heads; h++) {
      float *p = x + h * D, a = p[j], b = p[j + D / 2];
      p[j] = a * c - b * s;
      p[j + D / 2] = b * c + a * s;
    }
  }
}
static void step(const Model *m, int id, int t, float *logits) {
  float x[C], y[C], q[H * D], o[H * D], a[F], b[F], p[T];
  memcpy(x, m->embed + id * C, sizeof x);
  for (int l = 0; l < L; l++) {
    const Layer *w = &m->layer[l];
    float k[G * D], v[G * D];
    norm(y, x, w->n1);
    matvec(q, w->q, y, H * D, C), matvec(k, w->k, y, G * D, C), matvec(v, w->v, y, G * D, C);
    rotate(q, H, t), rotate(k, G, t);
    for (int g = 0; g < G; g++) memcpy(keys[l][g][t], k + g * D, D * 4), memcpy(values[l][g][t], v + g * D, D * 4);
    for (int h = 0; h < H; h++) {
      float (*K)[D] = keys[l][h / (H / G)], (*U)[D] = values[l][h / (H / G)], top = -1e30f, sum = 0, acc[D] = {0};
      for (int i = 0; i <= t; i++) {
        float s = 0;
        for (int d = 0; d < D; d++) s += q[h * D + d] * K[i][d];
        p[i] = s / sqrtf(D);
        top = fmaxf(top, p[i]);
      }
      for (int i = 0; i <= t; i++) {
        p[i] = expf(p[i] - top), sum += p[i];
        for (int d = 0; d < D; d++) acc[d] += p[i] * U[i][d];
      }
      for (int d = 0; d < D; d++) o[h * D + d] = acc[d] / sum;
    }
    matvec(y, w->o, o, C, H * D);
    for (int i = 0; i < C; i++) x[i] += y[i];
    norm(y, x, w->n2);
    matvec(a, w->gate, y, F, C), matvec(b, w->up, y, F, C);
    for (int i = 0; i < F; i++) a[i] = a[i] / (1 + expf(-a[i])) * b[i];
    matvec(y, w->down, a, C, F);
    for (int i = 0; i < C; i++) x[i] += y[i];
  }
  norm(y, x, m->norm);
  matvec(logits, m->embed, y, V, C);
}

/* Sample from BOS (id 1) until BOS or EOS (2) or `limit` tokens; returns the number of tokens in out. */
int sample(const float *weights, float top_p, uint64_t seed, int limit, int32_t *out) {
  const Model *m = (const Model *)weights;
  float p[V];
  uint64_t r = seed * 0x9e3779b97f4a7c15ull + 1;
  for (int t = 0, id = 1; t < limit; t++) {
    step(m, id, t, p);
    float top = -1e30f, sum = 0, mass = 0, least = 2;
    for (int i = 0; i < V; i++) top = fmaxf(top, p[i]);
    for (int i = 0; i < V; i++) p[i] = expf(p[i] - top), sum += p[i];
    for (int i = 0; i < V; i++) p[i] /= sum;
    while (mass < top_p) { /* nucleus: take probabilities from the largest down */
      float next = 0;
      for (int i = 0; i < V; i++) if (p[i] < least && p[i] > next) next = p[i];
      if (next == 0) break;
      for (int i = 0; i < V; i++) if (p[i] == next) mass += next;
      least = next;
    }
    r ^= r >> 12, r ^= r << 25, r ^= r >> 27; /* xorshift64* */
    float u = (float)((r * 2685821657736338717ull) >> 40) / 16777216.f * mass;
    for (id = 0; id < V; id++) if (p[id] >= least && (u -= p[id]) < 0) break;
    if (id >= V) id = 2;
    if (id == 1 || id == 2) return t;
    out[t] = id;
  }
  return limit;
}
