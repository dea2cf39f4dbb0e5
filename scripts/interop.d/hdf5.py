#!/usr/bin/env python3
"""Checks that HDF5 and Keras files go through `crate` and back into h5py and Keras with the same content.

usage: hdf5.py CRATE WORK_FOLDER

h5py writes files of every layout and version, `crate` reads each and writes it again, and h5py compares. Keras saves models, `crate`
writes them again, and Keras loads the same weights. Needs h5py and numpy; keras with torch for the second half.
"""

import functools
import os
import pathlib
import subprocess
import sys

try:
    import h5py
    import numpy
except ModuleNotFoundError as missing:
    sys.exit(print(f"hdf5: skipped: {missing}"))

VERSIONS = ["earliest", "v108", "v110", "v112", "latest"]


def run(crate, script):
    return subprocess.run([crate, "-c", script], check=True, timeout=120, capture_output=True, text=True).stdout


def rewrite(crate, source, target):
    run(crate, f'write(read("{source}", kind: "checkpoint"), "{target}")')


# What h5py writes


def numbers(file):
    for name in "i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16".split():
        for order in "<>":
            file[f"{name}{'be' if order == '>' else 'le'}"] = numpy.arange(6).reshape(2, 3).astype(order + name)
        file[f"{name}_scalar"] = numpy.array(3, dtype=name)
    file["bool"] = numpy.array([[True, False], [False, True]])
    file["bool_scalar"] = True
    file["large"] = numpy.array([2**64 - 1, 2**63], dtype="u8")
    file["special"] = numpy.array([numpy.nan, numpy.inf, -numpy.inf, -0.0, 5e-324])
    file["empty"] = h5py.Empty("f4")
    file["no_rows"] = numpy.zeros((0, 3), dtype="f4")


def texts(file):
    file["text"], file["nothing"], file["list"] = "héllo ✓", "", ["a", "", "bcd" * 1000]
    file["square"] = numpy.array([["a", "b"], ["c", "d"]], dtype=h5py.string_dtype())
    file["fixed"] = numpy.array([b"ab", b"c"])
    file.create_dataset("fixed_utf8", data=numpy.array(["é".encode()], dtype=h5py.string_dtype("utf-8", 6)))
    file.create_dataset("unwritten", shape=(3,), dtype=h5py.string_dtype())
    file.create_dataset("packed", data=[f"word {i}" for i in range(500)], chunks=(7,), compression="gzip")


def records(file):
    inner = numpy.dtype([("x", ">i2"), ("y", "f4")])
    kind = numpy.dtype([("a", "i4"), ("b", ">f8"), ("s", "S4"), ("m", "f4", (2, 2)), ("flag", "?"), ("in", inner)])
    file["records"] = numpy.array([(1, 2.5, b"ab", [[1, 2], [3, 4]], True, (5, 6)), (3, 4.5, b"c", [[5, 6], [7, 8]], False, (7, 8))], dtype=kind)
    file["one"] = numpy.array((1, 2.5, b"ab", [[1, 2], [3, 4]], True, (5, 6)), dtype=kind)
    file.create_dataset("packed", data=file["records"][()].repeat(50), chunks=(9,), compression="gzip", shuffle=True)
    file.create_dataset("enumeration", data=numpy.array([0, 1], dtype="u1"), dtype=h5py.enum_dtype({"RED": 0, "GREEN": 1}, basetype="u1"))
    file["type"] = numpy.dtype("f8")
    file.create_dataset("named", data=[1.0, 2.0], dtype=file["type"])
    del file["type"]


def create_filtered(file, name, options, key, **more):
    return file.create_dataset(f"{name}_{key}", **options, **more)


def chunks(file):
    data, line = numpy.arange(2000, dtype="i4").reshape(40, 50), numpy.arange(60_000, dtype="i4")
    filters = {
        "plain": {}, "gzip": {"compression": "gzip"}, "shuffle": {"compression": "gzip", "shuffle": True}, "lzf": {"compression": "lzf"},
        "checked": {"fletcher32": True}, "all": {"compression": "gzip", "shuffle": True, "fletcher32": True},
    }
    for name, options in filters.items():
        create = functools.partial(create_filtered, file, name, options)
        create("fixed", data=data, chunks=(7, 11))
        create("rows", data=data, chunks=(7, 11), maxshape=(None, 50))
        create("columns", data=data, chunks=(7, 11), maxshape=(40, None))
        create("both", data=data, chunks=(7, 11), maxshape=(None, None))
        create("bounded", data=data, chunks=(7, 11), maxshape=(60, 90))
        create("one", data=data, chunks=(40, 50))
        create("cube", data=numpy.arange(7 * 8 * 9, dtype=">f4").reshape(7, 8, 9), chunks=(3, 3, 4), maxshape=(7, None, 9))
        create("partial", shape=(50, 60), dtype="i2", fillvalue=9, chunks=(10, 10))[15:25, 3] = 4
        create("many", data=line[:9000], chunks=(4,))
        create("many_growing", data=line[:9000], chunks=(4,), maxshape=(None,))
        create("many_growing_both", data=line[:9000].reshape(90, 100), chunks=(3, 3), maxshape=(None, None))
        shrunk = create("shrunk", data=line[:100], chunks=(10,), maxshape=(200,))
        shrunk.resize((55,))
        grown = create("grown", data=line[:100], chunks=(10,), maxshape=(None,))
        grown.resize((135,))
    file.create_dataset("paged", data=line, chunks=(3,))
    file.create_dataset("paged_growing", data=line, chunks=(3,), maxshape=(None,))
    file.create_dataset("never", shape=(5, 6), dtype="f4", fillvalue=7)
    low_level(file)


def low_level(file):
    """Layouts that h5py has no word for."""
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((4,))
    made = h5py.h5d.create(file.id, b"compact", h5py.h5t.NATIVE_INT32, space, compact)
    made.write(h5py.h5s.ALL, h5py.h5s.ALL, numpy.arange(4, dtype="i4"))
    early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    early.set_chunk((3,))
    early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    made = h5py.h5d.create(file.id, b"implicit", h5py.h5t.NATIVE_INT32, h5py.h5s.create_simple((10,)), early)
    made.write(h5py.h5s.ALL, h5py.h5s.ALL, numpy.arange(10, dtype="i4"))


def groups(file):
    many = file.create_group("many")
    for index in range(200):
        many.create_group(f"g{index}").attrs["index"] = index
    for index in range(300):
        many.attrs[f"a{index}"] = index
    many.attrs["long"] = numpy.arange(6000.0)
    file.attrs["text"], file.attrs["numbers"], file.attrs["texts"], file.attrs["half"] = "ü", [1.5, 2.5], ["x", "yy"], numpy.float16(0.5)
    file.attrs["flag"], file.attrs["nothing"] = True, h5py.Empty("f4")
    tracked = file.create_group("tracked", track_order=True)
    for name in "zyxab":
        tracked[name] = name
    for index in range(100):
        tracked[f"n{99 - index}"] = index
    file["data"] = numpy.arange(3.0)
    file["data"].attrs["unit"] = "m/s"
    file["soft"], file["hard"], file["relative"] = h5py.SoftLink("/many/g3"), file["data"], h5py.SoftLink("many/g4")
    deep = file
    for level in range(60):
        deep = deep.create_group(f"level{level}")


# What must be the same


def plain(value):
    """Bytes as text, as crate reads fixed texts."""
    if isinstance(value, bytes):
        return value.decode()
    return value


def compare_array(wanted, found, path):
    if isinstance(wanted, h5py.Empty):
        assert isinstance(found, h5py.Empty), f"{path}: not empty"
        return
    wanted, found = numpy.asarray(wanted), numpy.asarray(found)
    assert wanted.shape == found.shape, f"{path}: shape {wanted.shape}, {found.shape}"
    if wanted.dtype.kind in "SO":
        assert [plain(v) for v in wanted.reshape(-1)] == [plain(v) for v in found.reshape(-1)], f"{path}: other texts"
        return
    assert wanted.dtype.newbyteorder("=") == found.dtype, f"{path}: {wanted.dtype}, {found.dtype}"
    assert wanted.astype(found.dtype).tobytes() == found.tobytes(), f"{path}: other elements"


def compare_dataset(wanted, found, path):
    if wanted.dtype.kind == "V":
        compare_columns(wanted[()], found, path)
    else:
        compare_array(wanted[()], found[()], path)


def compare_columns(values, group, path):
    assert sorted(group) == sorted(values.dtype.names), f"{path}: columns {list(group)}"
    for name in values.dtype.names:
        if values.dtype[name].kind == "V" and values.dtype[name].names:
            compare_columns(values[name], group[name], f"{path}/{name}")
        else:
            compare_array(values[name], group[name][()], f"{path}/{name}")


def compare_attributes(wanted, found, path):
    assert set(wanted) == set(found), f"{path}: attributes {set(wanted) ^ set(found)}"
    for name in wanted:
        a, b = wanted[name], found[name]
        if numpy.ndim(a) == 0 and not isinstance(a, (str, bytes, h5py.Empty)):
            assert a == b, f"{path}@{name}: {a!r}, {b!r}"
        else:
            compare_array(a, b, f"{path}@{name}")


def compare(wanted, found, path=""):
    assert set(wanted) == set(found), f"{path}: members {set(wanted) ^ set(found)}"
    compare_attributes(wanted.attrs, found.attrs, path)
    for name in wanted:
        a, b, place = wanted[name], found[name], f"{path}/{name}"
        if isinstance(a, h5py.Group):
            compare(a, b, place)
            continue
        compare_dataset(a, b, place)
        if a.dtype.kind != "V":
            compare_attributes(a.attrs, b.attrs, place)


def check_layouts(crate, work):
    for version in VERSIONS:
        for make in (numbers, texts, records, chunks, groups):
            source, target = work / f"{version}.{make.__name__}.h5", work / f"{version}.{make.__name__}.again.h5"
            with h5py.File(source, "w", libver=version) as file:
                make(file)
            rewrite(crate, source, target)
            with h5py.File(source) as wanted, h5py.File(target) as found:
                compare(wanted, found)
        print(f"ok libver {version}")


def check_variants(crate, work):
    variants = {
        "userblock": {"userblock_size": 1024}, "paged": {"fs_strategy": "page"}, "tracked": {"track_order": True},
        "tracked_latest": {"track_order": True, "libver": "latest"}, "strategy": {"fs_strategy": "fsm", "fs_persist": True},
    }
    for name, options in variants.items():
        source, target = work / f"{name}.h5", work / f"{name}.again.h5"
        with h5py.File(source, "w", **options) as file:
            groups(file)
        rewrite(crate, source, target)
        with h5py.File(source) as wanted, h5py.File(target) as found:
            compare(wanted, found)
    with h5py.File(work / "order.h5", "w", track_order=True) as file:
        for name in "zyxab":
            file[name] = 1
    assert run(crate, f'print join(keys(read("{work}/order.h5", kind: "checkpoint")), "")').strip() == "zyxab"
    print("ok " + ", ".join(variants))


def check_descriptions(crate, work):
    """What is no data for crate is named, and what stands beside it is read."""
    source = work / "described.h5"
    (work / "raw.bin").write_bytes(bytes(16))
    for version in VERSIONS:
        with h5py.File(source, "w", libver=version) as file:
            file["data"] = numpy.arange(3.0)
            file.create_dataset("lists", (2,), dtype=h5py.vlen_dtype("i4"))[0] = [1, 2]
            file.create_dataset("reference", data=file["data"].ref, dtype=h5py.ref_dtype)
            file.create_dataset("scaled", data=numpy.arange(100, dtype="i4"), chunks=(10,), scaleoffset=0)
            file["elsewhere"], file["nowhere"] = h5py.ExternalLink("/etc/hostname", "/x"), h5py.SoftLink("/gone")
            file.create_dataset("raw", (4,), dtype="i4", external=[(str(work / "raw.bin"), 0, 16)])
            if version not in ("earliest", "v108"):
                layout = h5py.VirtualLayout((3,), dtype="f8")
                layout[:] = h5py.VirtualSource(file["data"])
                file.create_virtual_dataset("virtual", layout)
            file["type"] = numpy.dtype("f8")
        names = "lists reference scaled elsewhere nowhere raw type".split() + (["virtual"] if version not in ("earliest", "v108") else [])
        script = f'let d = read("{source}", kind: "checkpoint"); print d.data.sum(); for name in split("{" ".join(names)}", " ") {{ print type(d[name]) }}'
        assert run(crate, script).split() == ["3.0"] + ["opaque"] * len(names), f"{version}: {run(crate, script)}"
    print("ok descriptions")


# Keras


def models(keras):
    yield "dense", keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="relu"), keras.layers.BatchNormalization(), keras.layers.Dense(2)])
    yield "images", keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.Flatten(), keras.layers.Dense(2)])
    yield "texts", keras.Sequential([keras.Input((5,), dtype="int32"), keras.layers.Embedding(10, 4), keras.layers.LSTM(3), keras.layers.Dense(1)])
    yield "bfloat16", keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, dtype="bfloat16")])
    inner = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, name="inside")], name="inner")
    yield "nested", keras.Sequential([keras.Input((3,)), inner, keras.layers.Dense(2)])


def check_keras(crate, work):
    os.environ["KERAS_BACKEND"] = "torch"
    try:
        import keras
    except ModuleNotFoundError as missing:
        return print(f"hdf5: Keras skipped: {missing}")
    for name, model in models(keras):
        shape = (2,) + tuple(model.input_shape[1:])
        data = numpy.arange(numpy.prod(shape)).reshape(shape) % 7
        if name != "bfloat16":
            model.compile(optimizer="adam", loss="mse")
            model.fit(data, numpy.zeros((2,) + tuple(model.output_shape[1:])), verbose=0)
        wanted = [numpy.asarray(keras.ops.convert_to_numpy(keras.ops.cast(w.value, "float32"))) for w in model.weights]
        check_model(crate, work, keras, name, model, wanted)
    print("ok Keras")


def check_model(crate, work, keras, name, model, wanted):
    def same(other, what):
        found = [numpy.asarray(keras.ops.convert_to_numpy(keras.ops.cast(w.value, "float32"))) for w in other.weights]
        assert len(wanted) == len(found) and all(numpy.array_equal(a, b) for a, b in zip(wanted, found)), f"{name}: {what}"

    weights, again = work / f"{name}.weights.h5", work / f"{name}.again.weights.h5"
    model.save_weights(weights)
    rewrite(crate, weights, again)
    fresh = keras.models.clone_model(model)
    fresh.load_weights(again)
    same(fresh, ".weights.h5")
    whole, again = work / f"{name}.keras", work / f"{name}.again.keras"
    model.save(whole)
    rewrite(crate, whole, again)
    same(keras.models.load_model(again), ".keras")
    if name == "bfloat16":
        return
    legacy, again = work / f"{name}.legacy.h5", work / f"{name}.legacy.again.h5"
    model.save(legacy)
    rewrite(crate, legacy, again)
    same(keras.models.load_model(again, compile=False), "whole model in .h5")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    crate, work = sys.argv[1], pathlib.Path(sys.argv[2])
    work.mkdir(parents=True, exist_ok=True)
    check_layouts(crate, work)
    check_variants(crate, work)
    check_descriptions(crate, work)
    check_keras(crate, work)


if __name__ == "__main__":
    main()
