"""Trains window-classifier: a small convolutional network on simulated faults. See README.md for the commands."""

import argparse
import pathlib
import sys

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools" / "training"))
from windows import Windows, export, report  # noqa: E402

CONTEXT_USED = 3  # known, maturity, least_deviation: scores of other channels would tie it to their version


class WindowClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(1, 8, 8, stride=4)
        self.second = nn.Conv1d(8, 16, 4, stride=2)
        self.dense = nn.Sequential(
            nn.Linear(6 * 16 + 16 + CONTEXT_USED, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU(), nn.Linear(24, 1)
        )
        self.register_buffer("boundary", torch.tensor(0.0))

    def logit(self, window, context):
        x = torch.sign(window) * torch.log1p(torch.abs(window))
        shape = torch.relu(self.second(torch.relu(self.first(x.unsqueeze(1))))).flatten(1)
        return self.dense(torch.cat([shape, x[:, -16:], context[:, :CONTEXT_USED]], dim=1))

    def forward(self, window, context):
        """Sharpens what the plain channels suspect, and alone says nothing: times the root of the largest of them."""
        plain = torch.amax(context[:, 4:], dim=1, keepdim=True)
        network = torch.exp(torch.clamp((self.logit(window, context) - self.boundary) / 4, -10, 6))
        score = torch.sqrt(torch.relu(plain)) * network
        # A deviation that is too small to matter never scores above 1.
        small = torch.abs(context[:, 3:4]) < context[:, 2:3]
        return torch.where(small, torch.clamp(score, max=1.0), score)


def answers(model, data, size=8192):
    with torch.no_grad():
        parts = [
            model.logit(torch.from_numpy(data.window[i : i + size]), torch.from_numpy(data.context[i : i + size]))
            for i in range(0, len(data), size)
        ]
    return torch.cat(parts).numpy()[:, 0]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--train", required=True)
    options.add_argument("--validate", required=True)
    options.add_argument("--epochs", type=int, default=5)
    options.add_argument("--rows", type=int, default=1_500_000)
    options.add_argument("--calm-rate", type=float, default=1e-4)
    options.add_argument("--factor", type=float, default=1.0, help="score of this model that one alarm a week needs")
    options.add_argument("--seeds", default="1-15,21-44")
    options.add_argument("--validation-seeds", default="45-50")
    options.add_argument("--to", default=str(pathlib.Path(__file__).parent / "1"))
    args = options.parse_args()
    torch.manual_seed(1)
    # What a window looks like long after the onset is also what a calm change of level looks like.
    train, validate = Windows(args.train, args.rows, latest=5), Windows(args.validate)
    report("newest value alone", np.abs(validate.window[:, -1]), validate)
    report("plain channels", validate.context[:, 4:].max(1), validate)
    window, context = torch.from_numpy(train.window), torch.from_numpy(train.context)
    # A calm window drawn at random stands for many like it.
    weight = torch.from_numpy(np.where(train.source == 0, 8.0, np.where(train.source == 1, 4.0, 1.0)).astype(np.float32))
    label = torch.from_numpy(train.label.astype(np.float32))
    model = WindowClassifier()
    steps = args.epochs * (len(train) // 512)
    adam = torch.optim.AdamW(model.parameters(), 3e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(adam, 3e-3, total_steps=steps + 1)
    for epoch in range(args.epochs):
        order, total = torch.randperm(len(train)), 0.0
        for i in range(0, len(order) - 511, 512):
            rows = order[i : i + 512]
            flip = torch.where(torch.rand(512, 1) < 0.5, -1.0, 1.0)
            logit = model.logit(window[rows] * flip, context[rows])[:, 0]
            loss = nn.functional.binary_cross_entropy_with_logits(logit, label[rows], weight=weight[rows])
            adam.zero_grad()
            loss.backward()
            adam.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch}: loss {total / (len(order) // 512):.4f}")
        scores = report("window-classifier", answers(model, validate), validate)
    logits = answers(model, validate)
    boundary = float(np.quantile(logits[validate.source == 0], 1 - args.calm_rate))
    model.boundary.fill_(boundary + 4 * float(np.log(args.factor)))
    some = np.random.default_rng(2).choice(len(validate), 16, replace=False)
    rows = (torch.from_numpy(validate.window[some]), torch.from_numpy(validate.context[some]))
    facts = {
        "id": "window-classifier",
        "version": "1",
        "title": "Window classifier",
        "description": "Small convolutional network that tells simulated faults from calm, deploys and autoscaling.",
        "madeBy": "models/window-classifier/train.py",
        "trainedOn": "Simulated fleet shop (scenarios/fleets/shop.yaml), single faults of all kinds, seeds "
        f"{args.seeds}; boundary chosen on seeds {args.validation_seeds}.",
        "seeds": {"training": args.seeds, "validation": args.validation_seeds},
        "stage": "shadow",
        "scores": scores,
    }
    export(model, rows, ["window", "context"], ["score"], args.to, facts, rows)


main()
