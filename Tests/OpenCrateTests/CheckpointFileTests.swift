import CrateFormats
import CrateValues
import Foundation
import Glibc
import Testing

@testable import OpenCrate

/// Checkpoints as files: mapped, selected from, with files beside them.
@Suite struct CheckpointFileTests {
    let work: Workplace
    init() throws { work = try Workplace() }

    private func sample(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: SampleFilesTests.folder.appendingPathComponent(name)))
    }

    private func mapping(_ content: Content) throws -> Document.Mapping {
        guard case .document(.mapping(let mapping)) = content else {
            Issue.record("no mapping")
            return .init()
        }
        return mapping
    }

    // MARK: Size

    /// Writes what is large as a hole, which takes no room.
    private final class SparseFile: ByteSink {
        private let file: Int32
        private var end = 0

        init(_ path: String) { file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600) }
        deinit { close(file) }

        func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
            if bytes.count < 1 << 20 { pwrite(file, bytes.baseAddress, bytes.count, off_t(end)) }
            end += bytes.count
            ftruncate(file, off_t(end))
        }
    }

    /// A tensor of zeros that takes addresses and no memory.
    private func zeros(gibibytes: Int) throws -> Tensor {
        let count = gibibytes << 30
        let start = try #require(mmap(nil, count, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0))
        let bytes = Bytes(ByteRegion(mapped: start, count: count))
        return try #require(Tensor(dtype: .float32, shape: [gibibytes, 1 << 28], bytes: bytes))
    }

    /// Pages of the elements that are in memory.
    private func residentPages(_ tensor: Tensor) -> Int {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        return tensor.bytes.withBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            let start = base - Int(bitPattern: base) % page
            let count = (base - start) + bytes.count
            var pages = [UInt8](repeating: 0, count: (count + page - 1) / page)
            guard mincore(UnsafeMutableRawPointer(mutating: start), count, &pages) == 0 else { return .max }
            return pages.count { $0 & 1 == 1 }
        }
    }

    @Test(arguments: ["pth", "safetensors", "npz", "joblib"]) func aLargeFileIsReadWithoutItsNumbers(_ fileExtension: String) throws {
        let document = Document.object([("small", .tensor(Tensor(.float(1), dtype: .float32))), ("large", .tensor(try zeros(gibibytes: 1)))])
        let path = work.folder.path("large.\(fileExtension)")
        try Checkpoint.encode(document, fileExtension: fileExtension, rootName: "large", to: SparseFile(path))
        for options in [[:], ["only": .string("large")]] as [[String: Document]] {
            // npz files have checksums, which are looked at.
            if fileExtension == "npz" { continue }
            guard case .tensor(let large)? = try mapping(try work.crate.read(path, options: options))["large"] else {
                Issue.record("no tensor")
                return
            }
            #expect(large.shape == [1, 1 << 28] && large.bytes.region.isMapped)
            // The system reads ahead of what is looked at.
            #expect(residentPages(large) < 4096)
        }
        guard case .tensor(let small)? = try mapping(try work.crate.read(path, options: ["only": .string("small")]))["small"] else {
            Issue.record("no tensor")
            return
        }
        #expect(small.onlyElement == .float(1))
    }

    // MARK: Options

    @Test func partsAreSelected() throws {
        let state = SampleFilesTests.folder.appendingPathComponent("pth/state_dict.pth").path
        let biases = try mapping(try work.crate.read(state, options: ["only": .list([.string("*.bias")])]))
        #expect(biases.entries.count == 2 && biases.isOrderedDict && !biases.attributes.isEmpty)
        failure("format.missing", "0.weight") { _ = try work.crate.read(state, options: ["only": .string("0.wieght")]) }
        failure("invalid", "a text or a list of texts") { _ = try work.crate.read(state, options: ["only": .integer(1)]) }
    }

    @Test func textsOfSafetensorsAreAnOption() throws {
        let document = Content.document(.object([("w", .tensor(Tensor(.float(1), dtype: .float32)))]))
        let texts = Document.object([("author", .string("é"))])
        try work.crate.write(document, to: work.folder.path("w.safetensors"), options: ["metadata": texts])
        let read = try work.crate.read(work.folder.path("w.safetensors"))
        try work.crate.write(read, to: work.folder.path("again.safetensors"))
        for name in ["w.safetensors", "again.safetensors"] {
            #expect(try Safetensors.metadata(Bytes(work.folder.bytes(name))).map(\.value) == ["é"])
        }
        failure("invalid", "a dict of texts") {
            try work.crate.write(document, to: work.folder.path("w.safetensors"), options: ["metadata": .object([("n", .integer(1))])])
        }
    }

    @Test func joblibIsCompressedByItsSecondExtension() throws {
        let document = Content.document(.object([("w", .tensor(Tensor(.float(1), dtype: .float32)))]))
        for (name, start) in [("m.joblib.gz", [0x1F, 0x8B]), ("m.joblib.z", [0x78, 0x5E])] as [(String, [UInt8])] {
            try work.crate.write(document, to: work.folder.path(name), kind: "checkpoint")
            #expect(try work.folder.bytes(name).starts(with: start))
            expectEqual(try work.crate.read(work.folder.path(name), kind: "checkpoint"), document)
            #expect(try work.crate.inspect(work.folder.path(name), kind: "checkpoint")["format"] != nil)
        }
    }

    // MARK: Tables

    private var table: Content {
        get throws {
            .table(
                try #require(
                    Table(columns: [
                        .init(name: "n", values: .integers([1, 2])), .init(name: "x", values: .floats([0.5, .nan])),
                        .init(name: "ok", values: .booleans([true, false])), .init(name: "s", values: .strings(["a", "é"])),
                    ])))
        }
    }

    @Test(arguments: ["pkl", "joblib", "pth", "npz", "npy"]) func aTableIsItsColumns(_ fileExtension: String) throws {
        let path = work.folder.path("t.\(fileExtension)")
        try work.crate.write(try table, to: path, kind: "checkpoint")
        let columns = try mapping(try work.crate.read(path))
        guard case .tensor(let n)? = columns["n"], case .tensor(let x)? = columns["x"], case .tensor(let ok)? = columns["ok"],
            case .list(let s)? = columns["s"]
        else {
            Issue.record("other columns")
            return
        }
        #expect(n.dtype == .int64 && x.dtype == .float64 && ok.dtype == .bool && s.count == 2)
        #expect(n.scalars() == [.int(1), .int(2)] && ok.scalars() == [.bool(true), .bool(false)])
    }

    @Test func missingCellsStayMissing() throws {
        let table = try #require(Table(columns: [.init(name: "n", values: .integers([1, nil]))]))
        try work.crate.write(.table(table), to: work.folder.path("t.pkl"))
        guard case .list(let cells)? = try mapping(try work.crate.read(work.folder.path("t.pkl")))["n"], case .null = cells[1] else {
            Issue.record("no list")
            return
        }
        failure("format.unrepresentable", "n: ") { try work.crate.write(.table(table), to: work.folder.path("t.npy"), kind: "checkpoint") }
    }

    // MARK: Files beside a model

    @Test func externalTensorsComeFromTheModelsFolderOnly() throws {
        try work.folder.write(try sample("onnx/external.onnx"), to: "model/m.onnx")
        failure("format.malformed", "external.bin") { _ = try work.crate.read(work.folder.path("model/m.onnx")) }
        try work.folder.write(try sample("onnx/external.bin"), to: "elsewhere.bin")
        try work.folder.link("model/external.bin", to: work.folder.path("elsewhere.bin"))
        failure("format.unsafe", "link") { _ = try work.crate.read(work.folder.path("model/m.onnx")) }
        // What is in the model itself can still be had.
        let own = try mapping(try work.crate.read(work.folder.path("model/m.onnx"), options: ["only": .string("initializers.B")]))
        #expect(own["initializers"] != nil)
        let climbing = SampleFilesTests.folder.appendingPathComponent("hostile/onnx_external_traversal.onnx").path
        failure("format.unsafe", "") { _ = try work.crate.read(climbing) }
    }
}
