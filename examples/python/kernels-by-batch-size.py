# One experiment over a grid: lists are gone through, single values hold for every run.
kernels, batches = ["naive", "flash_attention"], [1, 2, 4]
experiment = await researcher.run_experiment(
    {"kernel": kernels, "batch_size": batches, "seq_len": 48, "decode_tokens": 16, "memory_strategy": "paged", "seed": 7}
)
runs = experiment["runs"]
table(
    [
        {**run["parameters"], "state": run["state"], "decode": run["metrics"] and run["metrics"]["decode_tokens_per_second"]}
        for run in runs
    ],
    title=f"Attention kernels by batch size: {experiment['state']}",
)


def speeds(kernel):
    found = {run["parameters"]["batch_size"]: run["metrics"] for run in runs if run["parameters"]["kernel"] == kernel}
    return [found[batch]["decode_tokens_per_second"] if found.get(batch) else float("nan") for batch in batches]


series = {kernel: speeds(kernel) for kernel in kernels}
plot(kind="line", title="Decode", x_label="batch size", y_label="tokens/s", x=batches, series=series)

# The same as a figure of matplotlib, where that is there.
try:
    from matplotlib import pyplot
except ModuleNotFoundError as missing:
    print(f"{missing}: no figure, the plot above says the same.")
else:
    for kernel, values in series.items():
        pyplot.plot(batches, values, marker="o", label=kernel)
    pyplot.title("Decode")
    pyplot.legend()
