#!/usr/bin/env python3
"""Checks that pickles, joblib files, numpy's other arrays and ONNX models go between `crate` and the real Python packages.

usage: pickles.py CRATE WORK_FOLDER

Python writes files of every kind, `crate` reads and writes each one again (also as another kind), and Python compares types,
values, elements to the bit, and which values are one object. Needs numpy; joblib, lz4, onnx, torch and scikit-learn where they are there.
"""

import collections
import datetime
import importlib
import json
import pathlib
import pickle
import subprocess
import sys
import warnings

from common.comparing import comparison

try:
    import numpy
except ModuleNotFoundError as missing:
    sys.exit(print(f"pickles: skipped: {missing}"))


def package(name):
    """A package, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return print(f"pickles: without {name}")


joblib, lz4, onnx, torch, sklearn = (package(name) for name in ("joblib", "lz4", "onnx", "torch", "sklearn"))


def run(crate, script):
    done = subprocess.run([crate, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{script}\n{done.stderr}"
    return done.stdout


def rewrite(crate, source, target, options=""):
    """Has crate read one file and write its content to another."""
    run(crate, f'write(read("{source}", kind: "checkpoint"), "{target}", kind: "checkpoint"{options})')


def plain(value):
    """What a value becomes on its way: frozen sets are sets, byte arrays are bytes, default dicts and counters plain dicts."""
    if isinstance(value, frozenset):
        return set(value)
    if isinstance(value, bytearray):
        return bytes(value)
    if isinstance(value, (collections.defaultdict, collections.Counter)):
        return dict(value)
    return value.item() if isinstance(value, numpy.generic) else value


def compare_arrays(wanted, found, path):
    if not isinstance(wanted, numpy.ndarray):
        return False
    native = wanted.astype(wanted.dtype.newbyteorder("="))
    assert native.dtype == found.dtype and native.shape == found.shape, f"{path}: {wanted.dtype} {wanted.shape}, {found.dtype} {found.shape}"
    assert native.tobytes() == found.tobytes(), f"{path}: other elements"
    return True


compare = comparison(plain, compare_arrays)


NUMBERS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()


def arrays():
    base = {name: numpy.arange(12).reshape(3, 4).astype(name) for name in NUMBERS}
    wide = numpy.arange(24.0).reshape(4, 6)
    return base | {
        "fortran": numpy.asfortranarray(wide), "big": numpy.arange(4, dtype=">i4"), "step": wide[:, ::2], "empty": numpy.zeros((0, 3)),
        "scalar": numpy.array(2.5), "one": numpy.arange(1000.0),
    }


def values():
    zone = datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))
    return {
        "none": None, "flags": [True, False], "ints": [0, 255, 256, 65535, 65536, -1, 2**31, -(2**63), 2**63, 3**2000, -(3**2000)],
        "floats": [0.1, -0.0, 5e-324, 1e308, float("inf"), float("nan")], "z": complex(1, -2), "text": "hé✓😀\n\"\0", "empty": ("", b"", (), [], {}, set()),
        "bytes": bytes(range(256)) * 3, "tuple": (1, (2, [3])), "set": {1, "a", (2, 3)}, "fs": frozenset([4]),
        "od": collections.OrderedDict([("b", 1), ("a", 2)]), "dd": collections.defaultdict(list, {"x": [1]}), 3: "int", (1, "x"): "pair", None: 0, -1.5: 1,
        "day": datetime.date(2024, 2, 29), "time": datetime.datetime(1, 2, 3, 4, 5, 6, 789), "zoned": datetime.datetime(9999, 12, 31, 23, 59, 59, 999999, zone),
        "utc": datetime.datetime(2024, 5, 6, tzinfo=datetime.timezone.utc), "long": list(range(3000)), "np": arrays(), "ns": numpy.float32(1.5),
    }


def check_pickle(crate, work):
    target = work / "values.again.pkl"
    for protocol in range(6):
        source = work / f"values.{protocol}.pkl"
        source.write_bytes(pickle.dumps(values(), protocol))
        rewrite(crate, source, target)
        compare(values(), pickle.loads(target.read_bytes()))
    shared = numpy.arange(1000.0)
    (work / "shared.pkl").write_bytes(pickle.dumps([shared, {"again": shared}]))
    rewrite(crate, work / "shared.pkl", work / "shared.again.pkl")
    first, second = pickle.loads((work / "shared.again.pkl").read_bytes())
    assert first is second["again"], "one array became two"
    print("ok values.pkl")


def check_joblib(crate, work):
    if not joblib:
        return
    ways = {"plain": 0, "zlib": ("zlib", 3), "gzip": ("gzip", 6), "bz2": ("bz2", 9), "xz": ("xz", 6), "lzma": ("lzma", 3)} | ({"lz4": ("lz4", 1)} if lz4 else {})
    for name, compress in ways.items():
        source = work / f"values.{name}.joblib"
        joblib.dump(values(), source, compress=compress)
        for target, options in [(f"{name}.again.joblib", ""), (f"{name}.small.joblib", ", compress: true"), (f"{name}.joblib.gz", ""), (f"{name}.joblib.z", "")]:
            rewrite(crate, source, work / target, options)
            compare(values(), joblib.load(work / target))
        rewrite(crate, source, work / f"{name}.again.pkl")
        compare(values(), pickle.loads((work / f"{name}.again.pkl").read_bytes()))
    large = {"a": numpy.arange(10_000.0), "b": numpy.arange(5, dtype="int16"), "c": numpy.zeros((0, 2))}
    joblib.dump(large, work / "large.joblib")
    rewrite(crate, work / "large.joblib", work / "large.again.joblib")
    mapped = joblib.load(work / "large.again.joblib", mmap_mode="r")
    assert isinstance(mapped["a"], numpy.memmap) and isinstance(mapped["b"], numpy.memmap), "the arrays are not mapped"
    for name, wanted in large.items():
        assert numpy.array_equal(mapped[name], wanted), name
    objects = {"o": numpy.array([1, "a", None, [2]], dtype=object), "after": numpy.arange(3)}
    for compress in (0, 3):
        joblib.dump(objects, work / "objects.joblib", compress=compress)
        shown = run(crate, f'let x = read("{work}/objects.joblib"); print x.o.name; print x.o.state; print x.after')
        assert shown == 'numpy.ndarray\n[1, "a", null, [2]]\n[0 1 2]\n', shown
    print("ok values.joblib", " ".join(ways))


def check_numpy(crate, work):
    texts = numpy.array([["a", "é✓😀"], ["", "long text"]])
    records = numpy.array([(1, 2.5, "ab", [1, 2]), (3, 4.5, "cde", [3, 4])], dtype=[("a", "<i4"), ("b'\\", "<f8"), ("c", "<U3"), ("d", "<i2", (2,))])
    cases = {
        "texts": texts, "bytes": numpy.array([b"ab", b"", b"\0c"]), "records": records, "named": records.astype([("ä✓", "i4"), ("b", "f8"), ("c", "U3"), ("d", "i2", (2,))]),
        "days": numpy.array(["2020-02-29", "0001-01-01", "NaT"], "M8[D]"), "micro": numpy.array(["2020-01-01T01:02:03.000004", "1969-12-31T23:59:59.999999", "NaT"], "M8[us]"),
        "nano": numpy.array(["2020-01-01T01:02:03.000000004"], "M8[ns]"),
    }
    for name, wanted in cases.items():
        numpy.save(work / f"{name}.npy", wanted)
        rewrite(crate, work / f"{name}.npy", work / f"{name}.again.npy")
        found = numpy.load(work / f"{name}.again.npy", allow_pickle=False)
        assert wanted.dtype == found.dtype and wanted.shape == found.shape and wanted.tobytes() == found.tobytes(), f"{name}: {wanted!r} {found!r}"
    for save in (numpy.savez, numpy.savez_compressed):
        save(work / "mixed.npz", **cases, **arrays())
        for options in ("", ", compress: true"):
            rewrite(crate, work / "mixed.npz", work / "mixed.again.npz", options)
            found = numpy.load(work / "mixed.again.npz", allow_pickle=False)
            for name, wanted in (cases | arrays()).items():
                compare(wanted, found[name], name)
    numpy.save(work / "object.npy", numpy.array([1, "a", None], dtype=object), allow_pickle=True)
    assert run(crate, f'print read("{work}/object.npy").state') == '[1, "a", null]\n'
    print("ok", *cases)


def check_torch(crate, work):
    if not torch:
        return
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    state = model.state_dict()
    state.extra = {"note": 1}
    torch.save({"state": state, "p": torch.nn.Parameter(torch.ones(2)), "frozen": torch.nn.Parameter(torch.ones(1), requires_grad=False), "t": torch.ones(1, requires_grad=True)}, work / "kept.pth")
    rewrite(crate, work / "kept.pth", work / "kept.again.pth")
    found = torch.load(work / "kept.again.pth", weights_only=True)
    assert found["state"]._metadata == state._metadata, "other metadata"
    for name, wanted in [("p", (True, True)), ("frozen", (True, False)), ("t", (False, True))]:
        assert (isinstance(found[name], torch.nn.Parameter), found[name].requires_grad) == wanted, name
    torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)).load_state_dict(found["state"])
    torch.save(model, work / "module.pth")
    assert run(crate, f'print read("{work}/module.pth").name').strip() == "torch.nn.modules.container.Sequential"
    for name, tensor in state.items():
        script = f'print read("{work}/kept.pth", only: "state.{name}").state["{name}"].shape'
        assert json.loads(run(crate, script)) == list(tensor.shape), name
    # Tensors inside of a plain pickle are files of their own.
    (work / "tensors.pkl").write_bytes(pickle.dumps({"w": torch.arange(6.0).reshape(2, 3), "b": torch.arange(3, dtype=torch.int16)}))
    rewrite(crate, work / "tensors.pkl", work / "tensors.pth")
    tensors = torch.load(work / "tensors.pth", weights_only=True)
    assert torch.equal(tensors["w"], torch.arange(6.0).reshape(2, 3)) and torch.equal(tensors["b"], torch.arange(3, dtype=torch.int16))
    # A program's lists and parts are wrapped in functions of their own.
    torch.jit.script(model).save(work / "script.pt")
    assert "__torch__" in run(crate, f'print read("{work}/script.pt").state.classes')
    assert run(crate, f'print read("{work}/script.pt", only: "module.0.weight").state.module.name').startswith("__torch__")
    print("ok kept.pth module.pth tensors.pkl script.pt")


def check_onnx(crate, work):
    if not onnx:
        return
    helper, kinds = onnx.helper, onnx.TensorProto
    tensors = {name: onnx.numpy_helper.from_array(numpy.arange(6).reshape(2, 3).astype(name), name) for name in NUMBERS if name != "bool"}
    small = [helper.make_tensor(name, kind, [5], [1, 2, 3, 4, 5]) for name, kind in [("u4", kinds.UINT4), ("i4", kinds.INT4)]]
    signed = [helper.make_tensor("i4n", kinds.INT4, [3], [-8, 7, -1]), helper.make_tensor("f4", kinds.FLOAT4E2M1, [4], [0.5, -6.0, 3.0, 1.0])]
    texts = [helper.make_tensor("s", kinds.STRING, [2], [b"a", "é".encode()])]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", [helper.make_tensor_value_info("x", 1, [1])], [helper.make_tensor_value_info("y", 1, [1])], [*tensors.values(), *small, *signed, *texts])
    model = helper.make_model(graph)
    onnx.save(model, work / "inside.onnx")
    onnx.save(model, work / "outside.onnx", save_as_external_data=True, location="outside.bin", size_threshold=0)
    for name in ("inside", "outside"):
        rewrite_initializers(crate, work, name)
        found = numpy.load(work / f"{name}.npz")
        for key, tensor in tensors.items():
            compare(onnx.numpy_helper.to_array(tensor), found[key], key)
        assert found["u4"].tolist() == [1, 2, 3, 4, 5] and found["i4"].dtype == numpy.int8 and found["i4n"].tolist() == [-8, 7, -1], name
        assert found["f4"].tolist() == [0.5, -6.0, 3.0, 1.0], found["f4"]
    assert numpy.load(work / "inside.npz")["s"].tolist() == ["a", "é"]
    print("ok inside.onnx outside.onnx")


def rewrite_initializers(crate, work, name):
    """Texts never stand outside of a model, so those of one with outside tensors are left out."""
    run(crate, f'write(read("{work}/{name}.onnx").initializers, "{work}/{name}.npz")')


def check_sklearn(crate, work):
    if not (sklearn and joblib):
        return
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x = numpy.arange(40.0).reshape(20, 2)
    model = make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=2, random_state=0)).fit(x, x[:, 0] > 20)
    joblib.dump(model, work / "model.joblib", compress=3)
    (work / "model.pkl").write_bytes(pickle.dumps(model))
    for name in ("model.joblib", "model.pkl"):
        shown = run(crate, f'let m = read("{work}/{name}"); print m.name; print m.state.steps[0][1].state.mean_; print len(m.state.steps[1][1].state.estimators_)')
        assert shown == "sklearn.pipeline.Pipeline\n[19. 20.]\n2\n", shown
    print("ok model.joblib model.pkl")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    crate, work = sys.argv[1], pathlib.Path(sys.argv[2])
    work.mkdir(parents=True, exist_ok=True)
    # numpy warns that a name in an array's header is not Latin.
    warnings.simplefilter("ignore")
    for check in (check_pickle, check_joblib, check_numpy, check_torch, check_onnx, check_sklearn):
        check(crate, work)


if __name__ == "__main__":
    main()
