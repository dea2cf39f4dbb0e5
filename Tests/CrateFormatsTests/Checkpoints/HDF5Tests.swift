import CrateFormats
import CrateValues
import Testing

/// Files made by h5py and Keras, and files made to do harm.
@Suite struct HDF5Tests {
    @Test(arguments: Samples.named("h5/", "keras/"))
    func load(_ sample: Sample) throws {
        let document = try Checkpoint.decode(sample.bytes(), fileExtension: sample.fileExtension)
        let root = sample.fileExtension == "keras" ? try #require(document["weights"]) : document
        for (path, wanted) in try #require(sample.expect?.object) where path != "attrs" {
            let found = path.split(separator: "/").reduce(root as Document?) { $0?[String($1)] }
            #expect(try #require(found, "\(path)").differences(from: wanted, path: path) == [])
        }
    }

    @Test func attributesStandBesideWhatTheyDescribe() throws {
        let document = try HDF5.decode(Samples.bytes("h5/types.h5"))
        #expect(document[HDF5.attributesKey]?.matches(.object(["k": .integer(5), "name": .string("demo")])) == true)
        #expect(document[HDF5.datasetAttributesKey]?["f4"]?.matches(.object(["unit": .string("m/s")])) == true)
    }

    @Test func storedArraysAreViewsOfTheFile() throws {
        let bytes = try Samples.bytes("h5/types.h5")
        guard case .tensor(let array)? = try HDF5.decode(bytes)["f4"] else {
            Issue.record("no array")
            return
        }
        #expect(array.bytes.region === bytes.region)
    }

    @Test func linksGiveTheSameArray() throws {
        let document = try HDF5.decode(Samples.bytes("h5/types.h5"))
        for (name, target) in [("hard", "f8"), ("soft", "f4")] {
            guard case .tensor(let link)? = document[name], case .tensor(let array)? = document[target] else {
                Issue.record("no arrays")
                return
            }
            #expect(link.bytes.range == array.bytes.range)
        }
    }

    @Test(arguments: ["h5", "hdf5", "pth", "npz"])
    func theSignatureTellsTheFormat(_ fileExtension: String) throws {
        let bytes = try Samples.bytes("h5/types.h5")
        #expect(Checkpoint.Format.recognize(bytes) == .hdf5)
        let error = failure { () throws(FormatError) in try Checkpoint.decode(bytes, fileExtension: fileExtension) }
        #expect(["h5", "hdf5"].contains(fileExtension) ? error == nil : error?.reason.contains("HDF5") == true)
    }

    @Test func aBlockOfTheUsersOwnMayComeFirst() throws {
        let bytes = try Samples.bytes("h5/types.h5").array
        let document = try HDF5.decode(Bytes([UInt8](repeating: 7, count: 1024) + bytes))
        #expect(document["str"]?.matches(.string("héllo")) == true)
    }

    // MARK: Description

    @Test func aDescriptionTellsGroupsAndDatasets() throws {
        let description = try Checkpoint.describe(Samples.bytes("h5/types.h5"), fileExtension: "h5")
        let facts = Dictionary(description.facts.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(description.format == .hdf5 && description.imports.isEmpty)
        #expect(facts["superblock"]?.matches(.integer(0)) == true && facts["groups"]?.matches(.integer(3)) == true)
        #expect(Checkpoint.tensors(in: description.document).contains { $0.name == "group.inner.x" && $0.tensor?.shape == [3] })
    }

    @Test func linksToOtherFilesAreDangers() throws {
        let bytes = try Samples.bytes("hostile/h5_external_link.h5")
        let description = try Checkpoint.describe(bytes, fileExtension: "h5")
        #expect(description.dangers.map(\.name) == ["the file /etc/hostname"])
        let position = try #require(description.dangers.first).position
        #expect(bytes.array[position...].contains(UInt8(ascii: "/")))
    }

    // MARK: Harm

    @Test func linksThatLeadOutOrInCirclesAreLabels() throws {
        let document = try HDF5.decode(Samples.bytes("hostile/h5_external_link.h5"))
        guard case .opaque(let external)? = document["ext"], case .opaque(let loop)? = document["loop"],
            case .opaque(let up)? = document["g"]?["up"]
        else {
            Issue.record("\(document)")
            return
        }
        #expect(external.name == "hdf5.ExternalLink" && external.arguments.first?.matches(.string("/etc/hostname")) == true)
        #expect(loop.name == "hdf5.SoftLink" && up.name == "recursive reference")
        #expect(document["ok"]?.matches(.integer(1)) == true)
    }

    @Test func aFileThatWasCutIsRefused() throws {
        let bytes = try Samples.bytes("hostile/h5_truncated.h5")
        #expect(failure { () throws(FormatError) in try HDF5.decode(bytes) }?.kind == .truncated)
    }

    /// Each of 60 groups leads to the next one twice: 2^60 paths.
    @Test func sharedGroupsAreCountedEachTime() {
        var file = HDF5Bytes()
        var address = file.group([])
        for _ in 0..<60 { address = file.group([("a", address), ("b", address)]) }
        #expect(failure { () throws(FormatError) in try HDF5.decode(file.file(root: address)) }?.kind == .limit)
    }

    @Test func nestingIsBounded() throws {
        var file = HDF5Bytes()
        var address = file.group([])
        for _ in 0..<511 { address = file.group([("g", address)]) }
        _ = try HDF5.decode(file.file(root: address))
        address = file.group([("g", address)])
        #expect(failure { () throws(FormatError) in try HDF5.decode(file.file(root: address)) }?.kind == .limit)
    }

    @Test func aHeaderThatContinuesInItselfEnds() {
        var file = HDF5Bytes()
        let here = file.next + 16
        let root = file.object([(0x10, HDF5Bytes.number(here, 8) + HDF5Bytes.number(24, 8))])
        let error = failure { () throws(FormatError) in try HDF5.decode(file.file(root: root)) }
        // Its one message is read once; what is left is no group.
        #expect(error == nil)
        var newer = HDF5Bytes()
        let many = newer.object(
            [(Int, [UInt8])](repeating: (0x10, HDF5Bytes.number(newer.next + 16, 8) + HDF5Bytes.number(24 * 60_000, 8)), count: 60_000))
        #expect(failure { () throws(FormatError) in try HDF5.decode(newer.file(root: many)) }?.kind == .limit)
    }

    @Test func aTreeThatLeadsToItselfIsRefused() {
        var file = HDF5Bytes()
        let tree = file.next
        file.append(
            Array("TREE".utf8) + [0, 1, 1, 0] + [UInt8](repeating: 255, count: 16) + HDF5Bytes.number(0, 8) + HDF5Bytes.number(tree, 8)
                + HDF5Bytes.number(0, 8))
        let heap = file.append(
            Array("HEAP".utf8) + [0, 0, 0, 0] + HDF5Bytes.number(8, 8) + HDF5Bytes.number(1, 8) + HDF5Bytes.number(96, 8))
        let root = file.object([(0x11, HDF5Bytes.number(tree, 8) + HDF5Bytes.number(heap, 8))])
        #expect(failure { () throws(FormatError) in try HDF5.decode(file.file(root: root)) }?.kind == .malformed)
    }

    private func decode(_ messages: [(kind: Int, body: [UInt8])], in file: HDF5Bytes = HDF5Bytes(), limits: Limits = .standard)
        -> FormatError?
    {
        var file = file
        let dataset = file.object(messages)
        let root = file.group([("d", dataset)])
        return failure { () throws(FormatError) in try HDF5.decode(file.file(root: root), limits: limits) }
    }

    /// Terabytes, of which nothing or too little is in the file.
    @Test func sizesAreHeldAgainstTheFile() {
        let terabyte: UInt64 = 1 << 38
        #expect(decode([HDF5Bytes.space([terabyte]), HDF5Bytes.int32, HDF5Bytes.contiguous(96, terabyte * 4)])?.kind == .truncated)
        #expect(decode([HDF5Bytes.space([terabyte]), HDF5Bytes.int32, HDF5Bytes.contiguous(.max, terabyte * 4)])?.kind == .limit)
        #expect(decode([HDF5Bytes.space([terabyte]), HDF5Bytes.int32, HDF5Bytes.chunked(.max, [1024], elementSize: 4)])?.kind == .limit)
        #expect(decode([HDF5Bytes.space([.max >> 1, 8]), HDF5Bytes.int32, HDF5Bytes.contiguous(96, 8)])?.kind == .malformed)
        #expect(decode([HDF5Bytes.space([4]), HDF5Bytes.int32, HDF5Bytes.contiguous(96, 8)])?.kind == .malformed)
        #expect(decode([HDF5Bytes.space([terabyte]), HDF5Bytes.variableText, HDF5Bytes.contiguous(.max, terabyte * 16)])?.kind == .limit)
    }

    @Test func nestedTypesAreBounded() {
        // Arrays of one element, in arrays of one element …
        let array: [UInt8] = [0x3A, 0, 0, 0, 4, 0, 0, 0, 1, 1, 0, 0, 0]
        func nested(_ depth: Int) -> (Int, [UInt8]) { (0x03, (0..<depth).flatMap { _ in array } + HDF5Bytes.int32Type) }
        var file = HDF5Bytes()
        let data = file.append([1, 0, 0, 0])
        #expect(decode([HDF5Bytes.space([1]), nested(31), HDF5Bytes.contiguous(UInt64(data), 4)], in: file) == nil)
        #expect(decode([HDF5Bytes.space([1]), nested(32), HDF5Bytes.contiguous(UInt64(data), 4)], in: file)?.kind == .limit)
    }

    /// Many texts that are all the same long one take no more memory than the limit.
    @Test func repeatedTextsAreCountedEachTime() {
        var file = HDF5Bytes()
        let text = [UInt8](repeating: 0x61, count: 8000)
        let heap = file.append(
            Array("GCOL".utf8) + [1, 0, 0, 0] + HDF5Bytes.number(16 + 16 + text.count, 8) + [1, 0, 1, 0, 0, 0, 0, 0]
                + HDF5Bytes.number(text.count, 8) + text)
        let reference = HDF5Bytes.number(text.count, 4) + HDF5Bytes.number(heap, 8) + HDF5Bytes.number(1, 4)
        let count = 2000
        let data = file.append((0..<count).flatMap { _ in reference })
        let messages = [HDF5Bytes.space([UInt64(count)]), HDF5Bytes.variableText, HDF5Bytes.contiguous(UInt64(data), UInt64(count * 16))]
        #expect(decode(messages, in: file) == nil)
        var limits = Limits.standard
        limits.inflatedBytes = 1 << 20
        #expect(decode(messages, in: file, limits: limits)?.kind == .limit)
    }

    // MARK: Chunks

    private func chunked(_ filter: UInt16, _ stored: [UInt8], repeating: Int = 1) -> FormatError? {
        var file = HDF5Bytes()
        let data = file.append(stored)
        let tree = file.chunkTree((0..<repeating).map { _ in (0, stored.count, data) })
        return decode(
            [HDF5Bytes.space([2]), HDF5Bytes.int32, HDF5Bytes.filter(filter), HDF5Bytes.chunked(UInt64(tree), [2], elementSize: 4)],
            in: file)
    }

    /// The sum of the words 0x0102, 0x0304, 0x0506, 0x0708 is 0x1014; the sums on the way add up to 0x1E28.
    @Test func checksumsOfChunksAreChecked() {
        let data: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        #expect(chunked(3, data + [0x14, 0x10, 0x28, 0x1E]) == nil)
        #expect(chunked(3, data + [0x15, 0x10, 0x28, 0x1E])?.kind == .malformed)
        #expect(chunked(3, [1, 2, 3])?.kind == .malformed)
    }

    @Test func damagedLZFIsRefused() {
        // Two literals, then copies of them; a copy from before the start; more than the chunk holds; less.
        #expect(chunked(32_000, [1, 9, 8, 0x80, 1]) == nil)
        #expect(chunked(32_000, [1, 9, 8, 0x80, 2])?.kind == .malformed)
        #expect(chunked(32_000, [1, 9, 8, 0xA0, 1])?.kind == .malformed)
        #expect(chunked(32_000, [1, 9, 8])?.kind == .malformed)
        #expect(chunked(32_000, [31, 9])?.kind == .malformed)
    }

    @Test func aChunkThatComesTwiceIsRefused() {
        let data: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 0x14, 0x10, 0x28, 0x1E]
        #expect(chunked(3, data, repeating: 2)?.kind == .malformed)
    }

    @Test func anUnknownFilterIsNamed() throws {
        var file = HDF5Bytes()
        let data = file.append([1, 2, 3, 4])
        let tree = file.chunkTree([(0, 4, data)])
        let dataset = file.object([
            HDF5Bytes.space([2]), HDF5Bytes.int32, HDF5Bytes.filter(4), HDF5Bytes.chunked(UInt64(tree), [2], elementSize: 4),
        ])
        let root = file.group([("d", dataset)])
        guard case .opaque(let label)? = try HDF5.decode(file.file(root: root))["d"], case .string(let reason)? = label.state?["reason"]
        else {
            Issue.record("no label")
            return
        }
        #expect(reason.contains("szip") && label.state?["type"]?.matches(.string("int32")) == true)
    }

    // MARK: Damage

    /// Every byte of small files changed, and cut there: data or an error, within bounds.
    @Test(arguments: ["h5/latest.h5", "h5/types.h5"])
    func damageAnywhereIsSurvived(_ name: String) throws {
        let whole = try Samples.bytes(name).array
        for index in whole.indices {
            let cut = failure { () throws(FormatError) in try HDF5.decode(Bytes(whole[..<index])) }
            #expect(cut?.reason.isEmpty == false)
            for mask: UInt8 in [0x01, 0xFF] {
                let error = failure { () throws(FormatError) in try HDF5.decode(Bytes(Damage.flipped(whole, index, mask))) }
                #expect(error?.reason.isEmpty != true)
            }
        }
    }

    @Test(arguments: ["h5/chunked.h5", "keras/model.weights.h5", "keras/legacy.h5"])
    func damageIsSurvived(_ name: String) throws {
        let damage = MediaDamage(try Samples.bytes(name))
        for bytes in damage.truncations() { #expect(failure { () throws(FormatError) in try HDF5.decode(bytes) } != nil) }
        for bytes in damage.mutations() { #expect(failure { () throws(FormatError) in try HDF5.decode(bytes) }?.reason.isEmpty != true) }
    }

    /// The structures of the newer layout have checksums: a change in them is told.
    @Test func checksumsOfStructuresAreChecked() throws {
        let whole = try Samples.bytes("h5/latest.h5").array
        let header = try #require(whole.indices.first { whole[$0...].starts(with: "OHDR".utf8) })
        let error = failure { () throws(FormatError) in try HDF5.decode(Bytes(Damage.flipped(whole, header + 20, 0x10))) }
        #expect(error?.kind == .malformed && error?.reason.contains("checksum") == true)
    }
}
