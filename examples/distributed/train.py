"""The notebook's recipe on several GPUs or machines: PyTorch's DistributedDataParallel, started by torchrun.

    torchrun --nproc-per-node=2 examples/distributed/train.py --photos data/sneakers --weights models/sneakers --result models/trained

Begins with the weights that the notebook saved and leaves such a file again, for the notebook and examples/Classify.java.
"""
import argparse
import json
import os
import re
import shutil
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy
import torch
import torch.distributed as dist
import torchvision
from PIL import Image, ImageOps
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

# As the notebook has them, in support/src/main/java/tutorial/photos/Folder.java.
CLUTTER = {"@eaDir", "@Recycle", "@Recently-Snapshot", "@tmp", "#recycle", "#snapshot", "$RECYCLE.BIN", "System Volume Information",
           "lost+found", "Thumbs"}
SIDECAR = re.compile(r"(?i).*\.(json|xml|txt|csv|tsv|md|ya?ml|html?|xmp|aae)")
WEIGHTS, CLASSES, DJL = "resnet18.safetensors", "synset.txt", "resnet18-0000.params"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True, help="a folder with one folder of photos for each class")
    parser.add_argument("--weights", type=Path, required=True, help="the folder in which the notebook saved its model")
    parser.add_argument("--result", type=Path, required=True, help="the folder to be made for the trained model")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=32, help="photos in one step, over all processes")
    parser.add_argument("--accumulate", type=int, default=1, help="parts in which each process learns from its share")
    parser.add_argument("--learning-rate", type=float, default=0.001)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--seed", type=int, default=2207)
    parser.add_argument("--workers", type=int, default=2, help="processes that decode photos, for each that trains")
    parser.add_argument("--losses", type=Path, help="a file for the loss of each step, as JSON")
    return parser.parse_args()


def is_left_out(name):
    return re.fullmatch(r"(?i)\..*|__MACOSX|Thumbs\.db|desktop\.ini", name) or name in CLUTTER


def files(folder):
    """All files in a folder and below, but what is hidden, storage and galleries put between photos, and labels or licences."""
    found = []
    for child in sorted(folder.iterdir(), key=lambda child: str(child)):
        if not is_left_out(child.name):
            found += files(child) if child.is_dir() else [child] if not SIDECAR.fullmatch(child.name) else []
    return found


def class_folders(folder, classes):
    """The folders of the classes: these, or those in the only folder that there is, as a zip has one around its classes."""
    folders = [child for child in sorted(folder.iterdir()) if child.is_dir() and not is_left_out(child.name)]
    found = {child.name: files(child) for child in folders}
    full = [child for child in folders if found[child.name]]
    if len(full) == 1 and full[0].name not in classes:
        return class_folders(full[0], classes)
    return {child.name: found[child.name] for child in full}


def opened(file):
    """A photo as the notebook sees it: upright, on white where it is transparent, its 16 bits scaled to 8."""
    with Image.open(file) as image:
        image = ImageOps.exif_transpose(image)
        if image.mode.startswith("I"):
            return Image.fromarray((numpy.asarray(image) / 257).round().astype(numpy.uint8)).convert("RGB")
        if image.has_transparency_data:
            image = image.convert("RGBA")
            white = Image.new("RGBA", image.size, "white")
            return Image.alpha_composite(white, image).convert("RGB")
        return image.convert("RGB")


class Photos(Dataset):
    """Photos of the classes with the number of the network's output for each."""

    def __init__(self, folder, classes, transform):
        found = class_folders(folder, classes)
        if not found or not set(found) <= set(classes):
            sys.exit(f"{folder}: has the classes {sorted(found)}, but the network was trained on {classes}. "
                     "Train on photos of the same classes.")
        self.photos = [(file, classes.index(name)) for name in sorted(found) for file in found[name]]
        self.transform = transform

    def __len__(self):
        return len(self.photos)

    def __getitem__(self, number):
        file, label = self.photos[number]
        try:
            return self.transform(opened(file)), label
        except OSError as error:
            raise RuntimeError(f"{file}: cannot be read ({error}). Repair or remove it.") from None


def photos(folder, classes, size, mean, deviation):
    return Photos(folder, classes, transforms.Compose(
        [transforms.Resize((size, size)), transforms.ToTensor(), transforms.Normalize(mean, deviation)]))


def parts(count, options, epoch, rank, processes):
    """One epoch's batches, and of each the parts that this process learns from: every photo once, in the same order
    however many processes share the batches."""
    order = torch.randperm(count, generator=torch.Generator().manual_seed(options.seed + epoch)).tolist()
    shares = processes * options.accumulate
    batches = [order[first:first + options.batch] for first in range(0, count, options.batch)]
    if len(batches) > 1 and len(batches[-1]) < shares:      # too few for all to have one
        batches[-2] += batches.pop()
    return [(len(batch), [batch[share::shares] for share in range(rank, shares, processes)]) for batch in batches]


def threads(processes):
    """Of each process of this machine on the CPU: torchrun sets OMP_NUM_THREADS=1 where it is not set, whatever the cores."""
    chosen = int(os.environ.get("OMP_NUM_THREADS", "1"))
    return chosen if chosen > 1 else max(1, len(os.sched_getaffinity(0)) // processes)


def main():
    options = arguments()
    gpu = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if gpu else torch.device("cpu")
    if gpu:
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if gpu else "gloo")
    rank, processes = dist.get_rank(), dist.get_world_size()
    torch.set_num_threads(threads(int(os.environ.get("LOCAL_WORLD_SIZE", processes))))

    if (options.result / DJL).exists():
        sys.exit(f"{options.result}: has {DJL}, which would be read instead of what this training leaves. Name another folder.")
    classes = (options.weights / CLASSES).read_text(encoding="utf-8").splitlines()
    with safe_open(options.weights / WEIGHTS, "pt") as file:
        metadata = file.metadata()
    mean, deviation = ([float(number) for number in metadata[name].split()] for name in ("mean", "deviation"))
    data = photos(options.photos, classes, int(metadata["imageSize"]), mean, deviation)
    if min(len(data), options.batch) < processes * options.accumulate:
        sys.exit(f"--batch {options.batch} of {len(data)} photos cannot be shared by {processes} processes, in {options.accumulate} parts each. "
                 "Raise --batch, or take fewer.")

    network = torchvision.models.resnet18(num_classes=len(classes))
    network.load_state_dict(load_file(options.weights / WEIGHTS))
    if gpu:                                                 # PyTorch has this for GPUs only
        network = nn.SyncBatchNorm.convert_sync_batchnorm(network)
    # Each process keeps the averages of batch normalisation of its own shares; the mean of all is taken at the end.
    model = DistributedDataParallel(network.to(device).train(), device_ids=[device] if gpu else None, broadcast_buffers=False)
    criterion = nn.CrossEntropyLoss(reduction="sum")
    optimizer = torch.optim.SGD(model.parameters(), options.learning_rate, options.momentum)

    losses = []
    for epoch in range(options.epochs):
        batches = parts(len(data), options, epoch, rank, processes)
        loader = iter(DataLoader(data, batch_sampler=[part for _, shares in batches for part in shares],
                                 num_workers=options.workers, pin_memory=gpu))
        for size, shares in batches:
            optimizer.zero_grad()
            step_loss = torch.zeros((), device=device)
            for number, _ in enumerate(shares, 1):
                inputs, labels = (tensor.to(device, non_blocking=True) for tensor in next(loader))
                # Gradients are exchanged with the last part. DDP takes their mean over the processes, hence the factor:
                # the sum over all parts is that of the mean loss of the whole batch.
                with nullcontext() if number == len(shares) else model.no_sync():
                    loss = criterion(model(inputs), labels) / size
                    (loss * processes).backward()
                step_loss += loss.detach()
            optimizer.step()
            dist.all_reduce(step_loss)
            losses.append(step_loss.item())
        if rank == 0:
            print(f"epoch {epoch + 1} of {options.epochs}: loss {sum(losses[-len(batches):]) / len(batches):.4f}", flush=True)

    for name, buffer in network.named_buffers():
        if buffer.is_floating_point():
            dist.all_reduce(buffer)
            buffer /= processes
    if rank == 0:
        options.result.mkdir(parents=True, exist_ok=True)
        tensors = {name: tensor.cpu().contiguous() for name, tensor in network.state_dict().items()}
        save_file(tensors, options.result / WEIGHTS, metadata)
        shutil.copyfile(options.weights / CLASSES, options.result / CLASSES)
        if options.losses:
            options.losses.write_text(json.dumps(losses))
        print(f"Saved in {options.result}")
    dist.barrier()                                          # else one may wait for ever for another that has left
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
