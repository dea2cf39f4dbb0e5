import CrateFormats
import CrateValues
import Testing

/// Whatever is written comes back with its types and bits.
@Suite struct RoundTripTests {
    private static let ofNumpy = DType.allCases.filter { $0 != .bfloat16 && !$0.rawValue.hasPrefix("float8") }

    private func again(_ document: Document, _ fileExtension: String) throws -> Document {
        try Checkpoint.decode(Checkpoint.bytes(document, fileExtension), fileExtension: fileExtension)
    }

    @Test(arguments: 0..<60) func documentsInPyTorch(_ seed: Int) throws {
        var maker = DocumentMaker(seed: seed)
        maker.makesMarks = true
        maker.longestInteger = 240
        let document = maker.document()
        #expect(try again(document, "pth").identity == document.identity)
    }

    @Test(arguments: 0..<60) func documentsInPickles(_ seed: Int) throws {
        var maker = DocumentMaker(seed: seed, dtypes: Self.ofNumpy)
        maker.makesTimes = true
        maker.longestInteger = 2000
        let document = maker.document()
        for fileExtension in ["pkl", "joblib", "joblib.gz", "joblib.z"] {
            #expect(try again(document, fileExtension).identity == document.identity, "\(fileExtension)")
        }
    }

    @Test(arguments: 0..<40) func arrays(_ seed: Int) throws {
        var maker = DocumentMaker(seed: seed, dtypes: Self.ofNumpy)
        let arrays = Document.object((0..<4).map { ("array \($0)", .tensor(maker.tensor())) })
        #expect(try again(arrays, "npz").identity == arrays.identity)
        let one = Document.tensor(maker.tensor())
        #expect(try again(one, "npy").identity == one.identity)
    }

    /// The header's order is the data's, so the names are sorted before they are compared.
    @Test(arguments: 0..<40) func safetensors(_ seed: Int) throws {
        var maker = DocumentMaker(seed: seed, dtypes: DType.allCases.filter { $0 != .complex128 })
        let tensors = (0..<6).map { ("tensor.\($0)", maker.tensor()) }
        let document = try again(.object(tensors.map { ($0, .tensor($1)) }), "safetensors")
        for (name, tensor) in tensors { #expect(document[name]?.identity == Document.tensor(tensor).identity, "\(name)") }
    }

    /// Nested lists of one sort, and columns.
    @Test(arguments: 0..<40) func listsAndRecords(_ seed: Int) throws {
        var maker = DocumentMaker(seed: seed, dtypes: Self.ofNumpy)
        let (rows, width) = (1 + maker.number(5), 1 + maker.number(3))
        func nested(_ leaf: (inout DocumentMaker) -> Document) -> Document {
            .list((0..<rows).map { _ in .list((0..<width).map { _ in leaf(&maker) }) })
        }
        let texts = nested { .string(["", "é", "a longer one ✓", "𝄞"][$0.number(4)]) }
        let bytes = nested { .bytes([[], [0, 255], Array("abc".utf8)][$0.number(3)]) }
        let times = nested { maker in
            .timestamp(
                Timestamp(
                    year: 1700 + maker.number(500), month: 1 + maker.number(12), day: 1 + maker.number(28),
                    time: .init(hour: maker.number(24), minute: maker.number(60), second: maker.number(60), nanosecond: maker.number(1_000_000_000))))
        }
        let days = Document.list((0..<rows).map { _ in
            .timestamp(Timestamp(year: 1 + maker.number(9999), month: 1 + maker.number(12), day: 1 + maker.number(28)))
        })
        for list in [texts, bytes, times, days] { #expect(try again(list, "npy").identity == list.identity) }
        let records = Document.object([("é'\\", texts), ("b", bytes), ("t", times), ("d", days)])
        #expect(try again(records, "npy").identity == records.identity)
        #expect(try again(.object([("inner", records)]), "npz")["inner"]?.identity == records.identity)
    }
}
