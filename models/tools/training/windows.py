"""What the training scripts share: reading windows, exporting to ONNX, writing the manifest and a fixture."""

import hashlib
import json
import pathlib
import warnings

import numpy as np
import torch

POINTS, CONTEXT, LIMIT = 64, 8, 16.0
META = ["label", "source", "seed", "kind", "since", "series"]
ROOT = pathlib.Path(__file__).resolve().parents[3]

torch.set_num_threads(1)


class Windows:
    """Rows as models/tools/training-windows.mjs wrote them."""

    def __init__(self, folder, limit=None, seed=1, latest=None):
        """latest: of windows in a fault only those within so many ticks of its first difference."""
        folder = pathlib.Path(folder)
        window = np.memmap(folder / "window.f32", np.float32, "r").reshape(-1, POINTS)
        context = np.memmap(folder / "context.f32", np.float32, "r").reshape(-1, CONTEXT)
        meta = np.memmap(folder / "meta.i32", np.int32, "r").reshape(-1, len(META))
        since = meta[:, META.index("since")]
        rows = np.arange(len(meta)) if latest is None else np.flatnonzero(since <= latest)
        if limit and limit < len(rows):
            rows = np.sort(np.random.default_rng(seed).choice(rows, limit, replace=False))
        self.window, self.context = np.array(window[rows]), np.array(context[rows])
        meta = np.array(meta[rows])
        for i, name in enumerate(META):
            setattr(self, name, meta[:, i])

    def __len__(self):
        return len(self.label)


def inputs_of(names):
    shapes = {"window": ["batch", POINTS], "context": ["batch", CONTEXT], "memory": ["batch", 16, 16]}
    texts = {
        "window": "Standardised values, oldest first, newest last; 0 where missing.",
        "context": "What the detector knows besides; columns of WINDOW_CONTEXT.",
        "memory": "Embeddings of normal windows of the same series; rows not yet filled are all 0.",
    }
    return [{"name": n, "type": "float32", "shape": shapes[n], "description": texts[n]} for n in names]


def outputs_of(names):
    shapes = {"score": ["batch", 1], "embedding": ["batch", 16]}
    texts = {"score": "0 and up; 1.0 is the boundary.", "embedding": "The window as the memory keeps it."}
    return [{"name": n, "type": "float32", "shape": shapes[n], "description": texts[n]} for n in names]


def export(model, example, inputs, outputs, folder, facts, fixture_rows):
    """Writes model.onnx, manifest.json, and the trainer's own answers to some rows for the test of parity."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    model.eval()
    axes = {name: {0: "batch"} for name in [*inputs, *outputs]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model, tuple(example), str(folder / "model.onnx"), opset_version=17, dynamo=False,
            input_names=inputs, output_names=outputs, dynamic_axes=axes,
        )
    data = (folder / "model.onnx").read_bytes()
    manifest = {
        **{k: facts[k] for k in ("id", "version", "title", "description")},
        "task": "anomaly-detection",
        "opset": 17,
        "inputs": inputs_of(inputs),
        "outputs": outputs_of(outputs),
        **{k: v for k, v in facts.items() if k not in ("id", "version", "title", "description")},
        "licence": "Apache-2.0",
        "file": "model.onnx",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    with torch.no_grad():
        answers = model(*fixture_rows)
    answers = answers if isinstance(answers, tuple) else (answers,)
    rounded = lambda t: [round(float(x), 6) for x in t.reshape(-1)]
    fixture = {
        "rows": len(fixture_rows[0]),
        "inputs": {n: rounded(t) for n, t in zip(inputs, fixture_rows)},
        "outputs": {n: rounded(t) for n, t in zip(outputs, answers)},
    }
    (folder / "expected.json").write_text(json.dumps(fixture) + "\n")
    print(f"{folder}: {len(data)} bytes, {sum(p.numel() for p in model.parameters())} parameters")


def report(name, score, data, rates=(1e-2, 1e-3, 1e-4)):
    """Recall of touched windows within 3 scrapes at a share of calm windows (drawn at random) above the boundary."""
    calm, early = score[data.source == 0], score[(data.source == 2) & (data.since <= 3)]
    result = {}
    for rate in rates:
        threshold = np.quantile(calm, 1 - rate)
        result[f"{rate:g}"] = round(float((early > threshold).mean()), 4)
    print(f"{name:32s}", result, flush=True)
    return {f"validation recall within 3 scrapes, {k} of calm windows above": v for k, v in result.items()}
