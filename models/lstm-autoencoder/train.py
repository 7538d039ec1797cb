"""Trains lstm-autoencoder: the design that this project began with, as a model to compare with. See README.md."""

import argparse
import pathlib
import sys

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools" / "training"))
from windows import POINTS, Windows, export, report  # noqa: E402

HIDDEN, NEWEST = 24, 4


class LstmAutoencoder(nn.Module):
    """Encodes the window, decodes it backwards in time; the score is the error of the newest four values."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.LSTM(1, HIDDEN, batch_first=True)
        self.code = nn.Linear(HIDDEN, 8)
        self.back = nn.Linear(8, HIDDEN)
        self.decoder = nn.LSTM(HIDDEN, HIDDEN, batch_first=True)
        self.value = nn.Linear(HIDDEN, 1)
        self.register_buffer("boundary", torch.tensor(1.0))

    def errors(self, window):
        x = torch.sign(window) * torch.log1p(torch.abs(window))
        _, (hidden, _) = self.encoder(x.unsqueeze(2))
        code = self.back(torch.tanh(self.code(hidden[-1])))
        decoded, _ = self.decoder(code.unsqueeze(1).expand(-1, POINTS, -1))
        # The decoder begins with the newest value, which the code knows best.
        newest_first = self.value(decoded).squeeze(2)
        return (newest_first - torch.flip(x, [1])).abs()

    def forward(self, window):
        return self.errors(window)[:, :NEWEST].mean(1, keepdim=True) / self.boundary


def answers(model, data, size=4096):
    with torch.no_grad():
        parts = [model(torch.from_numpy(data.window[i : i + size])) for i in range(0, len(data), size)]
    return torch.cat(parts).numpy()[:, 0]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--train", required=True)
    options.add_argument("--validate", required=True)
    options.add_argument("--steps", type=int, default=2500)
    options.add_argument("--calm-rate", type=float, default=1e-4)
    options.add_argument("--seeds", default="1-15,21-44")
    options.add_argument("--validation-seeds", default="45-50")
    options.add_argument("--to", default=str(pathlib.Path(__file__).parent / "1"))
    args = options.parse_args()
    torch.manual_seed(1)
    train, validate = Windows(args.train, latest=5), Windows(args.validate)
    calm = torch.from_numpy(train.window[train.source == 0])
    model = LstmAutoencoder()
    adam = torch.optim.Adam(model.parameters(), 4e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(adam, 4e-3, total_steps=args.steps + 1)
    total = 0.0
    for step in range(args.steps):
        rows = torch.randint(len(calm), (256,))
        flip = torch.where(torch.rand(256, 1) < 0.5, -1.0, 1.0)
        loss = model.errors(calm[rows] * flip).mean()
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        schedule.step()
        total += float(loss.detach())
        if step % 500 == 499:
            print(f"step {step + 1}: error {total / 500:.4f}", flush=True)
            total = 0.0
    score = answers(model, validate)
    scores = report("lstm-autoencoder", score, validate)
    model.boundary.fill_(float(np.quantile(score[validate.source == 0], 1 - args.calm_rate)))
    some = np.random.default_rng(2).choice(len(validate), 16, replace=False)
    rows = (torch.from_numpy(validate.window[some]),)
    facts = {
        "id": "lstm-autoencoder",
        "version": "1",
        "title": "LSTM autoencoder",
        "description": "Rebuilds the window from a code of eight numbers; the score is the error of the newest values.",
        "madeBy": "models/lstm-autoencoder/train.py",
        "trainedOn": f"Calm windows of the simulated fleet shop (scenarios/fleets/shop.yaml), seeds {args.seeds}; "
        f"boundary chosen on seeds {args.validation_seeds}.",
        "seeds": {"training": args.seeds, "validation": args.validation_seeds},
        "stage": "candidate",
        "scores": scores,
    }
    export(model, rows, ["window"], ["score"], args.to, facts, rows)


main()
