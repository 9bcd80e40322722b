"""The original tutorial's recipe in PyTorch, and Pillow's resizing, as tasks for compare.py.

Reads a JSON task a line, {"task": "step" | "loader" | "loop" | "quality" | "machine", ...}, answers a JSON line each.
"""
import json
import math
import sys
import time
from pathlib import Path

import numpy
import PIL
import torch
import torchvision
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms

# At least so many steps, and so many seconds: a few steps take no time on a GPU, and its clock rises with the work.
WARM_UP_STEPS, WARM_UP_SECONDS = 2, 1


def recipe(classes, device, channels_last=False):
    model = models.resnet18()
    model.fc = nn.Linear(model.fc.in_features, classes)
    model = model.to(device, memory_format=torch.channels_last if channels_last else torch.contiguous_format)
    return model, nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9)


def loader(folder, size, batch, workers):
    transform = transforms.Compose([
        transforms.Resize((size, size)),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ])
    return DataLoader(datasets.ImageFolder(folder, transform), batch, shuffle=True, num_workers=workers)


def learn(model, criterion, optimizer, inputs, labels, autocast=None):
    """autocast: the 16-bit numbers of mixed precision, as "bfloat16" """
    optimizer.zero_grad()
    with torch.autocast(inputs.device.type, getattr(torch, autocast or "bfloat16"), enabled=autocast is not None):
        outputs = model(inputs)
        loss = criterion(outputs, labels)
    loss.backward()
    optimizer.step()
    return outputs, loss


def wait(device):
    if device != "cpu":
        torch.cuda.synchronize()


def step(device, images, size, seconds, channels_last, autocast=None, compiled=False):
    """images/s of training on one batch that stays on the device, for at least so many seconds"""
    model, criterion, optimizer = recipe(4, device, channels_last)
    model = torch.compile(model) if compiled else model
    inputs = torch.randn(images, 3, size, size, device=device)
    inputs = inputs.to(memory_format=torch.channels_last) if channels_last else inputs
    labels = torch.zeros(images, dtype=torch.long, device=device)

    def repeat(least, seconds):
        done, begin = 0, time.perf_counter()
        while done < least or time.perf_counter() - begin < seconds:
            learn(model, criterion, optimizer, inputs, labels, autocast)
            done += 1
        wait(device)
        return done / (time.perf_counter() - begin)

    try:
        repeat(WARM_UP_STEPS, WARM_UP_SECONDS)
    except Exception as error:                  # torch.compile needs a C compiler, and says so at the first step
        if not compiled:
            raise
        print(f"torch.compile fails here: {str(error).splitlines()[0]}", file=sys.stderr)
        return math.nan
    return images * repeat(2, seconds)


def load(folder, size, batch, workers):
    """images/s of one epoch of decoding, resizing and normalising"""
    data = loader(folder, size, batch, workers)
    begin = time.perf_counter()
    images = sum(len(labels) for _, labels in data)
    return images / (time.perf_counter() - begin)


def loop(device, folder, size, batch, workers, epochs):
    """images/s of the original's whole training loop, which reads the loss at every step"""
    data = loader(folder, size, batch, workers)
    model, criterion, optimizer = recipe(len(data.dataset.classes), device)
    for _, (inputs, labels) in zip(range(WARM_UP_STEPS), data):
        learn(model, criterion, optimizer, inputs.to(device), labels.to(device))
    wait(device)
    begin = time.perf_counter()
    for _ in range(epochs):
        running_loss, correct = 0.0, 0
        for inputs, labels in data:
            inputs, labels = inputs.to(device), labels.to(device)
            outputs, loss = learn(model, criterion, optimizer, inputs, labels)
            running_loss += loss.item() * len(labels)
            correct += (outputs.argmax(1) == labels).sum().item()
    wait(device)
    return epochs * len(data.dataset) / (time.perf_counter() - begin)


def montage(photos, file, side):
    """A large photo with true detail: photos side by side, as many as it takes."""
    picture = Image.new("RGB", (side, side))
    tile = side // 5
    for index in range(25):
        photo = Image.open(photos[index % len(photos)]).convert("RGB")
        at = (tile * (index % 5), tile * (index // 5))
        picture.paste(photo.resize((tile, tile), Image.Resampling.LANCZOS), at)
    picture.save(file, quality=95)


def progressive(folder, to, photos, side):
    """The first photos of each class once more, as most of the web has them: progressive JPEGs, whose longer side is so many pixels."""
    for class_folder in sorted(one for one in Path(folder).iterdir() if one.is_dir()):
        (Path(to) / class_folder.name).mkdir(parents=True)
        for photo in sorted(class_folder.iterdir())[:photos]:
            picture = Image.open(photo).convert("RGB")
            scale = side / max(picture.size)
            size = [round(scale * length) for length in picture.size]
            picture.resize(size, Image.Resampling.LANCZOS).save(
                Path(to) / class_folder.name / f"{photo.stem}.jpg", quality=90, progressive=True)


def quality(photos, size, resized):
    """Mean absolute difference, of 255, to Pillow's antialiased bilinear; resized: a file of RGB bytes, photo by photo"""
    ours = numpy.fromfile(resized, numpy.uint8).reshape(len(photos), size, size, 3).astype(int)
    theirs = [Image.open(photo).convert("RGB").resize((size, size), Image.Resampling.BILINEAR) for photo in photos]
    return float(numpy.abs(ours - numpy.stack([numpy.asarray(photo, int) for photo in theirs])).mean())


def machine():
    return {"torch": torch.__version__, "torchvision": torchvision.__version__, "Pillow": PIL.__version__,
            "threads": torch.get_num_threads(), "gpu": torch.cuda.get_device_name(0) if torch.cuda.is_available() else None}


TASKS = {"step": step, "loader": load, "loop": loop, "montage": montage, "progressive": progressive, "quality": quality, "machine": machine}

if __name__ == "__main__":
    for line in sys.stdin:
        task = json.loads(line)
        print(json.dumps(TASKS[task.pop("task")](**task)), flush=True)
