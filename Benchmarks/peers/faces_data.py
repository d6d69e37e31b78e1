"""Batches of face images from files, as they are loaded in PyTorch: PIL, torchvision, a DataLoader with workers."""

import torch
from augment_sets import from_pil
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Faces(Dataset):
    """Samples are pairs of a path and a label."""

    def __init__(self, samples, transform):
        self.samples, self.transform = samples, transform

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        path, label = self.samples[index]
        with Image.open(path) as image:
            return self.transform(image.convert("L")), label


class Batches:
    """The batches of an epoch in given or random order. The last, incomplete one is left out."""

    def __init__(self, count, size, orders):
        self.count, self.size, self.orders = count, size, orders
        self.epoch = 0  # set before each

    def __len__(self):
        return self.count // self.size

    def __iter__(self):
        order = self.orders[self.epoch] if self.orders else torch.randperm(self.count).tolist()
        for start in range(0, len(self) * self.size, self.size):
            yield order[start:start + self.size]


def training_loader(plan, batches, size):
    data = Faces(plan["train"], from_pil(plan["augmentation"], size))
    return DataLoader(data, batch_sampler=batches, num_workers=plan["workers"], persistent_workers=plan["workers"] > 0)


def evaluation_loader(plan, samples, size):
    return DataLoader(
        Faces(samples, from_pil("none", size)), batch_size=plan["batch"], num_workers=plan["workers"],
        persistent_workers=plan["workers"] > 0)
