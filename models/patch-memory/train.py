"""Trains patch-memory: an embedding of windows, compared with a memory of normal ones. See README.md."""

import argparse
import pathlib
import sys

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools" / "training"))
from windows import Windows, export, report  # noqa: E402

EMBEDDING, MEMORY = 16, 16
FAR = 100.0  # squared distance of a row of the memory that is not filled


class PatchMemory(nn.Module):
    """Distance of the window to the nearest window of the memory, in an embedding learned by triplets."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(1, 16, 8, stride=4)
        self.second = nn.Conv1d(16, 24, 4, stride=2)
        self.dense = nn.Sequential(nn.Linear(6 * 24 + 8, 48), nn.ReLU(), nn.Linear(48, EMBEDDING))
        self.register_buffer("boundary", torch.tensor(1.0))

    def embed(self, window):
        x = torch.sign(window) * torch.log1p(torch.abs(window))
        shape = torch.relu(self.second(torch.relu(self.first(x.unsqueeze(1))))).flatten(1)
        return self.dense(torch.cat([shape, x[:, -8:]], dim=1))

    @staticmethod
    def distance(embedding, memory):
        squared = (memory - embedding.unsqueeze(1)).pow(2).sum(2)
        unused = (memory.abs().sum(2) == 0).to(squared.dtype)
        nearest = (squared + unused * FAR * 1e4).min(1).values
        # Nothing to compare with: nothing to say.
        empty = (unused.sum(1) == MEMORY).to(squared.dtype)
        return torch.sqrt(nearest * (1 - empty) + 1e-12)

    def forward(self, window, memory):
        embedding = self.embed(window)
        return (self.distance(embedding, memory) / self.boundary).unsqueeze(1), embedding


def groups_of(data, least=8):
    """Rows of calm and of touched windows by series; of series with enough calm ones."""
    key = data.seed.astype(np.int64) * 100_000 + data.series
    order = np.argsort(key, kind="stable")
    bounds = np.flatnonzero(np.diff(key[order])) + 1
    made = []
    for rows in np.split(order, bounds):
        calm, touched = rows[data.source[rows] == 0], rows[data.source[rows] == 2]
        if len(calm) >= least:
            made.append((calm, touched))
    return made


def embed_all(model, data, size=8192):
    with torch.no_grad():
        return torch.cat([model.embed(torch.from_numpy(data.window[i : i + size])) for i in range(0, len(data), size)])


def memory_scores(model, data):
    """Each series' first calm windows are its memory, in time; the rest is scored against them."""
    embedding, score = embed_all(model, data), np.full(len(data), np.nan, np.float32)
    for calm, touched in groups_of(data):
        kept, rest = calm[: len(calm) // 2][:MEMORY], np.concatenate([calm[len(calm) // 2 :], touched])
        memory = torch.zeros(MEMORY, EMBEDDING)
        memory[: len(kept)] = embedding[kept]
        with torch.no_grad():
            score[rest] = model.distance(embedding[rest], memory.expand(len(rest), -1, -1)).numpy()
    return score


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--train", required=True)
    options.add_argument("--validate", required=True)
    options.add_argument("--steps", type=int, default=4000)
    options.add_argument("--calm-rate", type=float, default=1e-4)
    options.add_argument("--seeds", default="1-15,21-44")
    options.add_argument("--validation-seeds", default="45-50")
    options.add_argument("--to", default=str(pathlib.Path(__file__).parent / "1"))
    args = options.parse_args()
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    train, validate = Windows(args.train, latest=5), Windows(args.validate)
    window = torch.from_numpy(train.window)
    series = groups_of(train)
    with_fault = [i for i, (_, touched) in enumerate(series) if len(touched) > 0]
    model = PatchMemory()
    adam = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(adam, 2e-3, total_steps=args.steps + 1)
    total = 0.0
    for step in range(args.steps):
        # Half of the negatives are faults of the same series, half are calm windows of another one.
        chosen = random.choice(with_fault, 256)
        anchors, positives, negatives, weights = [], [], [], []
        for i in chosen:
            calm, touched = series[i]
            a, p = random.choice(calm, 2, replace=False)
            anchors.append(a)
            positives.append(p)
            negatives.append(random.choice(touched))
        others = random.permutation(positives)
        a, p, n, o = (model.embed(window[list(rows)]) for rows in (anchors, positives, negatives, others))
        near, fault, other = (a - p).pow(2).sum(1), (a - n).pow(2).sum(1), (a - o).pow(2).sum(1)
        loss = torch.relu(near - fault + 1).mean() + 0.1 * torch.relu(near - other + 0.2).mean() + 0.02 * near.mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        schedule.step()
        total += float(loss.detach())
        if step % 1000 == 999:
            print(f"step {step + 1}: loss {total / 1000:.4f}")
            total = 0.0
    score = memory_scores(model, validate)
    known = ~np.isnan(score)
    part = argparse.Namespace(source=validate.source[known], since=validate.since[known])
    report("newest value alone, same rows", np.abs(validate.window[known, -1]), part)
    scores = report("patch-memory", score[known], part)
    model.boundary.fill_(float(np.quantile(score[known & (validate.source == 0)], 1 - args.calm_rate)))
    some = np.random.default_rng(2).choice(len(validate), 16, replace=False)
    memory = embed_all(model, validate)[np.random.default_rng(3).choice(len(validate), (16, MEMORY))]
    memory[0], memory[1, 5:] = 0, 0
    rows = (torch.from_numpy(validate.window[some]), memory)
    facts = {
        "id": "patch-memory",
        "version": "1",
        "title": "Patch memory",
        "description": "Embedding of windows learned by triplets; the score is the distance to the nearest of the "
        "series' own normal windows (after PaAno, ICLR 2026).",
        "madeBy": "models/patch-memory/train.py",
        "trainedOn": "Simulated fleet shop (scenarios/fleets/shop.yaml), single faults of all kinds, seeds "
        f"{args.seeds}; boundary chosen on seeds {args.validation_seeds}.",
        "seeds": {"training": args.seeds, "validation": args.validation_seeds},
        "stage": "candidate",
        "scores": scores,
    }
    export(model, rows, ["window", "memory"], ["score", "embedding"], args.to, facts, rows)


main()
