import CrateFormats
import CrateValues
import Foundation
import Testing

@Suite struct CheckpointDescriptionTests {
    private func describe(_ name: String) throws -> Checkpoint.Description {
        let sample = try #require(Samples.named(name).first)
        return try Checkpoint.describe(sample.bytes(), fileExtension: sample.fileExtension)
    }

    private func fact(_ description: Checkpoint.Description, _ name: String) -> Document? { description.facts.first { $0.name == name }?.value }

    static let good = Samples.named("pth/", "safetensors/", "npy/", "npz/", "pkl/", "joblib/", "onnx/", "gguf/").filter { !$0.name.hasSuffix(".bin") }

    /// A description has the content that loading gives.
    @Test(arguments: good) func everySampleIsDescribed(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let description = try Checkpoint.describe(bytes, fileExtension: sample.fileExtension)
        #expect(description.dangers.isEmpty && description.failure == nil)
        let loaded = Checkpoint.tensors(in: try Checkpoint.decode(bytes, fileExtension: sample.fileExtension))
        #expect(Checkpoint.tensors(in: description.document).count == loaded.count)
        if sample.name.hasPrefix("pth/") { #expect(fact(description, "framework")?.matches(.string("PyTorch")) == true) }
    }

    @Test(arguments: [
        ("pth/notebook.pth", "layout", "ZIP"), ("pth/notebook.pth", "compression", "stored"), ("pth/repacked_deflated.pth", "compression", "deflated"),
        ("pth/big_endian.pth", "byte order", "big"), ("pth/legacy.pth", "layout", "before PyTorch 1.6"), ("pth/torchscript.pt", "layout", "TorchScript"),
        ("npz/compressed.npz", "compression", "deflated"), ("npy/f8_fortran.npy", "order", "Fortran"), ("joblib/mixed_xz.joblib", "compression", "xz"),
        ("joblib/mixed.joblib", "layout", "joblib"), ("gguf/tiny.gguf", "byte order", "little"),
    ]) func factsAreTold(_ name: String, _ fact: String, _ value: String) throws {
        let description = try describe(name)
        #expect(self.fact(description, fact)?.matches(.string(value)) == true)
    }

    @Test func membersAreListed() throws {
        let members = try #require(try describe("pth/torchscript.pt").members)
        #expect(members.columns == ["name", "size", "stored_size", "method"])
        #expect(members.rows.count == 9 && members.rows.allSatisfy { $0.count == 4 })
        #expect(members.rows[0][0].matches(.string("torchscript/data/0")) && members.rows[0][1].matches(.integer(16)))
    }

    /// Whatever a pickle asks for is told and nothing of it is done.
    @Test(arguments: Samples.named("hostile/").filter { $0.name.contains("malicious") })
    func dangersAreListedWithTheirPlaces(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let description = try Checkpoint.describe(bytes, fileExtension: sample.fileExtension)
        #expect(!description.dangers.isEmpty)
        #expect(description.dangers.allSatisfy { (0..<max(bytes.count, 1)).contains($0.position) })
        #expect(!FileManager.default.fileExists(atPath: "PWNED"))
    }

    @Test func damageBehindTheImportsLeavesThem() throws {
        let program = Array("cos\nsystem\n(S'x'\ntR".utf8)
        let description = try Checkpoint.describe(Bytes(program), fileExtension: "pkl")
        #expect(description.dangers.map(\.qualifiedName) == ["os.system"])
        #expect(description.failure?.kind == .truncated)
    }

    /// A model that names a file outside of its folder shows which.
    @Test func reachingOutIsToldByONNX() throws {
        let description = try describe("hostile/onnx_external_traversal.onnx")
        #expect(description.failure?.kind == .unsafe)
        guard case .mapping(let external)? = fact(description, "external") else {
            Issue.record("no facts")
            return
        }
        #expect(external.entries.first?.value["location"]?.matches(.string("../../../../etc/hostname")) == true)
    }

    @Test func theTrueFormatIsDescribed() throws {
        let bytes = try Samples.bytes("npz/plain.npz")
        #expect(try Checkpoint.describe(bytes, fileExtension: "pth").format == .npz)
    }

    @Test func exportedProgramsAreListed() throws {
        let sink = MemorySink()
        var archive = ZipWriter(sink)
        for name in ["archive_format", "models/model.json", "data/weights/weight_0"] { try archive.add("program/\(name)", text: "{}") }
        try archive.finish()
        let description = try Checkpoint.describe(Bytes(sink.array), fileExtension: "pt2")
        #expect(fact(description, "layout")?.matches(.string("torch.export")) == true)
        guard case .opaque(let program) = try Checkpoint.decode(Bytes(sink.array), fileExtension: "pt"), case .list(let members)? = program.state?["members"] else {
            Issue.record("no description")
            return
        }
        #expect(program.name == "torch.export.ExportedProgram" && members.count == 3)
    }

    /// A tar file by the rules of POSIX: the header's name, its size in octal, "ustar" at 257.
    private func tar(_ members: [(name: String, content: String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, content) in members {
            var header = [UInt8](repeating: 0, count: 512)
            header.replaceSubrange(0..<name.utf8.count, with: name.utf8)
            func octal(_ number: Int, _ width: Int) -> [UInt8] {
                let digits = Array(String(number, radix: 8).utf8)
                return [UInt8](repeating: UInt8(ascii: "0"), count: width - digits.count) + digits
            }
            header.replaceSubrange(124..<135, with: octal(content.utf8.count, 11))
            header.replaceSubrange(257..<262, with: "ustar".utf8)
            // The sum is made with spaces in its own place.
            header.replaceSubrange(148..<156, with: [UInt8](repeating: UInt8(ascii: " "), count: 8))
            header.replaceSubrange(148..<154, with: octal(header.reduce(0) { $0 + Int($1) }, 6))
            bytes += header + Array(content.utf8) + [UInt8](repeating: 0, count: (512 - content.utf8.count % 512) % 512)
        }
        return bytes + [UInt8](repeating: 0, count: 1024)
    }

    @Test func tarFilesAreListed() throws {
        let file = tar([("sys_info", "a"), ("pickle", String(repeating: "b", count: 600)), ("storages", "")])
        guard case .opaque(let description) = try Checkpoint.decode(Bytes(file), fileExtension: "pth") else {
            Issue.record("no description")
            return
        }
        #expect(description.name == "torch.tar")
        #expect(description.state?["members"]?.matches(.list(["sys_info", "pickle", "storages"].map { .string($0) })) == true)
        for count in [300, 800, 1100, 1600] {
            #expect(failure { () throws(FormatError) in try Checkpoint.decode(Bytes(file[..<count]), fileExtension: "pth") } != nil, "\(count)")
        }
    }
}

/// Who asks for what.
@Suite struct PickleImportTests {
    /// Names that published attacks and their variations use, and whole modules of them.
    @Test(arguments: [
        "os.system", "posix.system", "nt.system", "subprocess.Popen", "builtins.eval", "builtins.exec", "builtins.compile", "builtins.getattr",
        "builtins.__import__", "builtins.open", "builtins.breakpoint", "__builtin__.apply", "pydoc.pipepager", "pydoc.locate", "pip.main", "pip._internal.main",
        "ensurepip._run_pip", "pty.spawn", "bdb.Bdb", "pdb.run", "idlelib.pyshell.ModifiedInterpreter", "lib2to3.pgen2.grammar.Grammar", "doctest.debug_script",
        "cProfile.run", "profile.Profile", "timeit.timeit", "trace.Trace", "code.InteractiveInterpreter", "distutils.file_util.write_file",
        "asyncio.unix_events._UnixSubprocessTransport", "_pyio.open", "_pydecimal.Decimal", "_osx_support._read_output", "_aix_support._read_cmd_output",
        "_pyrepl.pager.pipe_pager", "uuid._get_command_stdout", "imaplib.IMAP4_stream", "ssl.get_server_certificate", "linecache.getline", "logging.FileHandler",
        "types.CodeType", "types.FunctionType", "functools.partial", "operator.methodcaller", "importlib.import_module", "runpy._run_code", "ctypes.CDLL",
        "pkgutil.resolve_name", "codecs.open", "copyreg.add_extension", "shutil.rmtree", "tempfile.mktemp", "socket.create_connection", "webbrowser.open",
        "torch.hub.load", "torch.load", "torch.serialization.load", "torch.jit.unsupported_tensor_ops.execWrapper", "torch._C._jit_run",
        "torch._dynamo.guards.GuardBuilder", "torch._inductor.codecache.compile_file", "torch.fx.graph_module._forward_from_src", "torch.fx.Interpreter",
        "torch.utils.cpp_extension.load_inline", "torch.utils.bottleneck.__main__.run_cprofile", "torch.utils.collect_env.run",
        "torch.utils._config_module.load_config", "torch.utils.data.datapipes.utils.decoder.basichandlers",
        "torch.distributed.rpc.api.rpc_sync", "numpy.testing._private.utils.runstring", "numpy.f2py.crackfortran.getlincoef", "numpy.f2py.compile",
        "numpy.load", "numpy.fromfile", "numpy.distutils.exec_command.exec_command", "pandas.read_pickle", "pandas.io.common.get_handle", "pandas.eval", "joblib.load",
        "joblib.externals.loky.run", "cloudpickle.loads", "dill.loads", "sympy.sympify", "yaml.unsafe_load", "keras.models.load_model",
        "tensorflow.python.framework.load_library.load_op_library", "PIL.ImageMath.unsafe_eval", "six.exec_", "gensim.utils.unpickle",
        "pydantic._internal._validators.import_string", "torch.from_file", "torch.save", "torch.cuda._lazy_call", "numpy.save", "h5py.File", "cv2.imread",
        "some.module.system", "some.module.eval", "some.module.os", "some.module.subprocess",
        "some.module.getattr", "some.module.thing.__class__", "some.module.Thing.method",
    ]) func attacksAreDangerous(_ name: String) throws {
        #expect(try verdict(name) == .dangerous)
    }

    @Test(arguments: [
        ("sklearn.linear_model._logistic.LogisticRegression", Pickle.Verdict.unknown), ("torch.nn.modules.linear.Linear", .unknown),
        ("torch._C._nn.gelu", .unknown), ("my.module.Outer.Inner", .unknown), ("sklearn.tree._tree.Tree", .unknown),
        ("numpy.random._pickle.__randomstate_ctor", .harmless), ("collections.OrderedDict", .harmless), ("decimal.Decimal", .harmless),
        ("datetime.datetime", .harmless), ("numpy._core.multiarray._reconstruct", .harmless), ("numpy.core.multiarray.scalar", .harmless),
    ]) func othersAreNot(_ name: String, _ wanted: Pickle.Verdict) throws {
        #expect(try verdict(name) == wanted)
    }

    /// The class of a mapped array may be named, as in what joblib has saved, but not called.
    @Test func mappedArraysAreNotMade() throws {
        #expect(try verdict("numpy.memmap") == .harmless)
        let call = Bytes(Array("cnumpy\nmemmap\n(S'x'\ntR0N.".utf8))
        #expect(failure { () throws(FormatError) in try Pickle.decode(call) }?.kind == .unsafe)
    }

    /// Of `GLOBAL`, with the last part that begins a class path as the name.
    private func verdict(_ name: String) throws -> Pickle.Verdict? {
        let parts = name.split(separator: ".")
        let isNested = name.hasSuffix("Outer.Inner") || name.contains(".thing.") || name.contains(".Thing.")
        let count = isNested ? 2 : 1
        let (module, label) = (parts.dropLast(count).joined(separator: "."), parts.suffix(count).joined(separator: "."))
        return try Pickle.describe(Bytes(Array("c\(module)\n\(label)\n.".utf8))).imports.first?.verdict
    }

    // MARK: PyTorch's older layout, whose four pickles are all run

    private func legacy(machine: String = "}.", keys: String = "].", data: String = "}.") -> Bytes {
        let magic: [UInt8] = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        return Bytes(magic + Array("I1001\n.\(machine)\(data)\(keys)".utf8))
    }

    @Test func everyPickleOfTheOlderLayoutIsJudged() throws {
        let attack = "cos\nsystem\n(S'x'\ntR."
        for file in [legacy(machine: attack), legacy(keys: "(lcos\nsystem\n(S'x'\ntR0."), legacy(data: attack)] {
            #expect(failure { () throws(FormatError) in try Checkpoint.decode(file, fileExtension: "pth") }?.kind == .unsafe)
            #expect(try Checkpoint.describe(file, fileExtension: "pth").dangers.map(\.qualifiedName) == ["os.system"])
        }
        #expect(failure { () throws(FormatError) in try Checkpoint.decode(legacy(), fileExtension: "pth") } == nil)
    }

    /// A file inside of a pickle is looked into, also when its value is thrown away.
    @Test func aFileInsideOfAPickleIsJudged() throws {
        func program(_ inner: Bytes) -> Bytes {
            Bytes(Array("\u{1}ctorch.storage\n_load_from_bytes\n(".utf8.dropFirst()) + [0x42] + withUnsafeBytes(of: UInt32(inner.count)) { Array($0) } + inner.array + Array("tR0N.".utf8))
        }
        let storage = "(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI0\nNtQ."
        var good = legacy(keys: "(lV0\na.", data: storage).array
        good += [UInt8](repeating: 0, count: 8)
        #expect(failure { () throws(FormatError) in try Pickle.decode(program(Bytes(good))) } == nil)
        for bad in [legacy(data: "cos\nsystem\n(S'x'\ntR."), legacy(), Bytes(Array("cos\nsystem\n.".utf8))] {
            #expect(failure { () throws(FormatError) in try Pickle.decode(program(bad)) }?.kind == .unsafe)
        }
    }
}
