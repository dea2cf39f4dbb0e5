import CrateFormats
import CrateValues
import Testing

/// What stands in checkpoints beside tensors of the usual types.
@Suite struct TorchDescriptionTests {
    private func checkpoint(_ program: String, storage: [UInt8]) throws -> Document {
        let sink = MemorySink()
        let members = [("a/data.pkl", Array(program.utf8)), ("a/data/0", storage)]
        try ArchiveFile.encode(Archive(members: members.map { .init($0.0, Bytes($0.1)) }), as: .zip, to: sink)
        return try Checkpoint.decode(Bytes(sink.array), fileExtension: "pth")
    }

    private let storage = "(Vstorage\nctorch.storage\nUntypedStorage\nV0\nVcpu\nI12\ntQ"

    @Test(arguments: ["complex32", "float4_e2m1fn_x2", "bits8"]) func aTensorOfAnotherTypeLeavesTheRestReadable(_ type: String) throws {
        func tensor(_ type: String) -> String {
            "ctorch._utils\n_rebuild_tensor_v3\n(\(storage)I0\n(I3\nt(I1\ntI00\nccollections\nOrderedDict\n)Rctorch\n\(type)\ntR"
        }
        let document = try checkpoint("(dVodd\n\(tensor(type))sVplain\n\(tensor("uint32"))s.", storage: [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0])
        guard case .mapping(let mapping) = document, case .opaque(let odd)? = mapping["odd"], case .tensor(let plain)? = mapping["plain"] else {
            Issue.record("\(document)")
            return
        }
        #expect(odd.name == "torch._utils._rebuild_tensor_v3" && plain.shape == [3] && plain.dtype == .uint32)
    }

    /// Protocol 2 writes bytes as a call.
    @Test(arguments: [("D", 1, 18_262, "2020-01-01"), ("s", 25, 63_113_472, "2020-01-01T00:00:00"), ("Y", 1, 50, "2020"), ("D", 1, -719_893, "-719893 D")])
    func timesInOldPicklesKeepTheirUnit(_ unit: String, _ count: Int, _ value: Int64, _ text: String) throws {
        let number = withUnsafeBytes(of: value.littleEndian) { bytes in bytes.map { "\\x" + (($0 < 16 ? "0" : "") + String($0, radix: 16)) }.joined() }
        let type = "cnumpy\ndtype\n(VM8\nI00\nI01\ntR(I4\nV<\nNNNI-1\nI-1\nI0\n((d(c_codecs\nencode\n(V\(unit)\nVlatin1\ntRI\(count)\nI1\nI1\ntttb"
        let array = "cnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntVb\ntR(I1\n(I1\nt\(type)I00\nS'\(number)'\ntb."
        guard case .list(let items) = try Pickle.decode(Bytes(Array(array.utf8))), items.count == 1 else {
            Issue.record("no list")
            return
        }
        switch items[0] {
        case .timestamp(let moment): #expect([moment.year, moment.month, moment.day] == text.prefix(10).split(separator: "-").compactMap { Int($0) })
        case .string(let shown): #expect(shown == text)
        default: Issue.record("\(items)")
        }
    }
}
