#!/usr/bin/env python3
"""Checks that checkpoints go through `crate` and back into the real Python packages bit for bit.

usage: checkpoints.py CRATE WORK_FOLDER

Python writes files of every kind, `crate` reads and writes each one again (also as another kind), and Python
compares: types, values, elements to the bit, and which tensors share their memory. Needs torch, numpy, safetensors.
"""

import collections
import pathlib
import subprocess
import sys

from common.comparing import comparison

try:
    import numpy
    import safetensors
    import safetensors.torch
    import torch
except ModuleNotFoundError as missing:
    sys.exit(print(f"checkpoints: skipped: {missing}"))


def rewrite(crate, source, target):
    """Has crate read one file and write its content to another."""
    script = f'write(read("{source}", kind: "checkpoint"), "{target}")'
    subprocess.run([crate, "-c", script], check=True, timeout=60)


def plain(value):
    """What a value becomes on its way: parameters are tensors, sizes are tuples, byte arrays are bytes."""
    if isinstance(value, torch.Tensor):
        return value.detach()
    if isinstance(value, torch.Size):
        return tuple(value)
    return bytes(value) if isinstance(value, bytearray) else value


def bits(tensor):
    """The elements as bytes, whatever their type."""
    resolved = tensor.detach().resolve_conj().resolve_neg().contiguous()
    return bytes(resolved.reshape(-1).view(torch.uint8).numpy()) if resolved.numel() else b""


def compare_tensors(wanted, found, path):
    if not isinstance(wanted, torch.Tensor):
        return False
    assert wanted.dtype == found.dtype and wanted.shape == found.shape, f"{path}: {wanted.dtype} {wanted.shape}, {found.dtype} {found.shape}"
    assert bits(wanted) == bits(found), f"{path}: other elements"
    return True


compare = comparison(plain, compare_tensors)


def storages(value, path=()):
    """The tensors' paths, grouped by the memory they use."""
    groups = collections.defaultdict(list)

    def visit(item, path):
        if isinstance(item, torch.Tensor) and item.numel():
            groups[item.untyped_storage().data_ptr()].append(path)
        elif isinstance(item, dict):
            for key in item:
                visit(item[key], path + (key,))
        elif isinstance(item, (list, tuple)):
            for index, part in enumerate(item):
                visit(part, path + (index,))

    visit(value, path)
    return sorted(groups.values())


def training_state():
    """What training scripts keep, with Adam's state and a scheduler's."""
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(16, 32), torch.nn.BatchNorm1d(32), torch.nn.ReLU(), torch.nn.Linear(32, 4))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 10)
    model(torch.randn(8, 16)).sum().backward()
    optimizer.step()
    scheduler.step()
    return {
        "epoch": 5, "loss": 0.015, "description": "five epochs, café ✓", "model_state_dict": model.state_dict(),
        "optimizer_state_dict": optimizer.state_dict(), "scheduler": {k: v for k, v in scheduler.state_dict().items() if k != "_get_lr_called_within_step"},
    }


def every_type():
    bytes_of = torch.arange(1, 49, dtype=torch.uint8)
    names = """float32 float64 float16 bfloat16 complex64 complex128 int64 int32 int16 int8 uint8 uint16 uint32 uint64
        float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu""".split()
    tensors = {name: bytes_of.clone().view(getattr(torch, name)) for name in names}
    return tensors | {"bool": torch.tensor([True, False, True]), "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3)}


def views():
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    return {
        "base": base, "row": base[1], "columns": base[:, ::2], "transposed": base.t(), "tied": [base, (base[2:],)],
        "wide": torch.tensor([7.0]).expand(3, 5), "alone": torch.arange(100)[10:20], "conj": torch.tensor([1 + 2j, 3 - 4j]).conj(),
    }


def plain_values():
    return collections.OrderedDict(
        none=None, yes=True, small=0, byte=255, word=65535, long=2**31, longest=-(2**63), big=3**200, negative=-(3**200),
        floats=[0.1, -0.0, 5e-324, 1e308, float("inf"), float("nan")], text="hé✓😀\n\"", empty="", data=bytes(range(256)), nothing=b"",
        nested={"a": [{"b": (1, [2, {"c": None}])}]}, numbers={3: "three", (1, "x"): "pair", -1.5: "float"}, members={1, "a"},
        z=complex(1, -2), dtype=torch.float16, device=torch.device("cuda", 1), long_list=list(range(3000)),
    )


def check_pytorch(crate, work):
    cases = {"training": training_state(), "types": every_type(), "views": views(), "plain": plain_values(), "tensor": torch.eye(3), "list": []}
    for name, value in cases.items():
        source, target = work / f"{name}.pth", work / f"{name}.again.pth"
        for legacy in (False, True):
            torch.save(value, source, _use_new_zipfile_serialization=not legacy)
            rewrite(crate, source, target)
            for mapped in (False, True):
                found = torch.load(target, weights_only=True, mmap=mapped)
                compare(value, found, name)
            if name == "views":
                assert storages(value) == storages(found), f"{name}: shares {storages(found)}"
        print(f"ok {name}.pth")


def check_safetensors(crate, work):
    tensors = {k: v for k, v in every_type().items() if k != "complex128"}
    source, target = work / "types.safetensors", work / "types.again.safetensors"
    safetensors.torch.save_file(tensors, source)
    rewrite(crate, source, target)
    found = safetensors.torch.load_file(target)
    compare(dict(sorted(tensors.items())), dict(sorted(found.items())))
    assert source.read_bytes() == target.read_bytes(), "another order or header than the reference writes"
    rewrite(crate, source, work / "types.from_safetensors.pth")
    compare(dict(sorted(tensors.items())), dict(sorted(torch.load(work / "types.from_safetensors.pth", weights_only=True).items())))
    state = {"layer": {"weight": torch.eye(3), "bias": torch.zeros(3)}}
    torch.save(state, work / "nested.pth")
    rewrite(crate, work / "nested.pth", work / "nested.safetensors")
    compare({"layer.bias": torch.zeros(3), "layer.weight": torch.eye(3)}, dict(sorted(safetensors.torch.load_file(work / "nested.safetensors").items())))
    print("ok types.safetensors")


def check_numpy(crate, work):
    names = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()
    arrays = {name: numpy.arange(12).reshape(3, 4).astype(name) for name in names}
    arrays |= {"fortran": numpy.asfortranarray(arrays["float64"]), "big_endian": arrays["int32"].astype(">i4"), "scalar": numpy.float32(2.5)}
    for save in (numpy.savez, numpy.savez_compressed):
        save(work / "arrays.npz", **arrays)
        rewrite(crate, work / "arrays.npz", work / "arrays.again.npz")
        found = numpy.load(work / "arrays.again.npz", allow_pickle=False)
        assert sorted(found) == sorted(arrays)
        for name, wanted in arrays.items():
            assert found[name].dtype == wanted.dtype.newbyteorder("=") and found[name].shape == wanted.shape, name
            assert numpy.array_equal(found[name], wanted), name
    numpy.save(work / "one.npy", arrays["float32"])
    rewrite(crate, work / "one.npy", work / "one.again.npy")
    assert (work / "one.npy").read_bytes() == (work / "one.again.npy").read_bytes()
    print("ok arrays.npz, one.npy")


def check_conversions(crate, work):
    """What a form lacks: numpy narrow floats, weights-only checkpoints the classes of others."""
    narrow = {name: tensor for name, tensor in every_type().items() if name == "bfloat16" or name.startswith("float8")}
    torch.save(narrow, work / "narrow.pth")
    torch.save({"model": torch.nn.Linear(2, 3), "epoch": 7}, work / "module.pth")
    for source, target in (("narrow.pth", "narrow.npz"), ("module.pth", "module.again.pth")):
        subprocess.run([crate, "-c", f'convert "{work / source}", "{work / target}"'], check=True, timeout=60, capture_output=True)
    found = numpy.load(work / "narrow.npz")
    assert narrow and sorted(found) == sorted(narrow)
    for name, tensor in narrow.items():
        assert found[name].dtype == numpy.float32 and numpy.array_equal(found[name], tensor.float().numpy(), equal_nan=True), name
    state = torch.load(work / "module.again.pth", weights_only=True)
    torch.nn.Linear(2, 3).load_state_dict(state["model"])
    assert state["epoch"] == 7
    print("ok conversions")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    crate, work = sys.argv[1], pathlib.Path(sys.argv[2])
    work.mkdir(parents=True, exist_ok=True)
    check_pytorch(crate, work)
    check_safetensors(crate, work)
    check_numpy(crate, work)
    check_conversions(crate, work)


if __name__ == "__main__":
    main()
