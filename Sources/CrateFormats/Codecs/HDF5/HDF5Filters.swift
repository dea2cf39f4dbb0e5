import CrateValues

/// What was done to a chunk's bytes before they were stored, in that order.
struct HDF5Filters {
    fileprivate enum Method {
        case deflate
        case shuffle(elementSize: Int)
        case fletcher32
        case lzf
        case unknown(String)
    }

    private var methods: [Method] = []

    static let none = HDF5Filters()
    private init() {}

    init(_ reader: inout ByteReader) throws(FormatError) {
        let version = try reader.version(1...2, of: "filter pipeline")
        let count = Int(try reader.byte())
        if version == 1 { try reader.skip(6) }
        for _ in 0..<count { methods.append(try HDF5Filters.method(&reader, version: version)) }
    }

    private static func method(_ reader: inout ByteReader, version: UInt8) throws(FormatError) -> Method {
        let identifier = try reader.littleEndian(UInt16.self)
        // Known filters have no name in version 2.
        let nameLength = version == 1 || identifier >= 256 ? Int(try reader.littleEndian(UInt16.self)) : 0
        try reader.skip(2)
        let valueCount = Int(try reader.littleEndian(UInt16.self))
        let name = try reader.name(version == 1 ? (nameLength + 7) & ~7 : nameLength)
        var values: [Int] = []
        for _ in 0..<valueCount { values.append(try reader.size(4)) }
        if version == 1, valueCount % 2 == 1 { try reader.skip(4) }
        switch identifier {
        case 1: return .deflate
        case 2: return .shuffle(elementSize: max(values.first ?? 1, 1))
        case 3: return .fletcher32
        case 32_000: return .lzf
        default: return .unknown(knownNames[identifier] ?? (name.isEmpty ? "number \(identifier)" : name))
        }
    }

    private static let knownNames: [UInt16: String] = [
        4: "szip", 5: "nbit", 6: "scaleoffset", 32_001: "blosc", 32_004: "lz4", 32_015: "zstd",
    ]

    var isEmpty: Bool { methods.isEmpty }

    /// Why chunks can't be read; `nil` when they can.
    var obstacle: String? {
        for case .unknown(let name) in methods { return "is stored with the filter \(name), which is not read here" }
        return methods.count(where: \.changesSize) > 1 ? "is compressed twice" : nil
    }

    /// The chunk of `size` bytes that `stored` was made of; a filter whose bit is set in `skipped` was left out.
    func undo(_ stored: Bytes, size: Int, skipped: UInt32, limits: Limits) throws(FormatError) -> Bytes {
        let applied = methods.enumerated().filter { $0.offset >= 32 || skipped >> UInt32($0.offset) & 1 == 0 }.map(\.element)
        // What each filter was given: only checksums make more of it.
        var sizes: [Int] = []
        var current = size
        for method in applied {
            sizes.append(current)
            if case .fletcher32 = method { current += 4 }
        }
        var bytes = stored
        for (method, size) in zip(applied, sizes).reversed() { bytes = try HDF5Filters.undo(method, bytes, size: size, limits: limits) }
        guard bytes.count == size else { throw HDF5Filters.malformed("has a chunk of \(bytes.count) bytes where \(size) are expected") }
        return bytes
    }

    private static func undo(_ method: Method, _ bytes: Bytes, size: Int, limits: Limits) throws(FormatError) -> Bytes {
        switch method {
        case .deflate:
            do {
                return try Deflate.inflate(bytes, frame: .zlib, toExactly: size, limits: limits)
            } catch { throw FormatError(error.kind, HDF5.format, "has a chunk that \(error.reason)") }
        case .shuffle(let elementSize): return unshuffled(bytes, elementSize)
        case .fletcher32: return try checked(bytes)
        case .lzf: return try HDF5LZF.decompress(bytes, size: size)
        case .unknown(let name): throw FormatError(.unsupported, HDF5.format, "is stored with the filter \(name)")
        }
    }

    private static func malformed(_ reason: String) -> FormatError { FormatError(.malformed, HDF5.format, reason) }

    /// Shuffled bytes stand by their place inside the elements: all first bytes, then all second ones. A rest stands behind them.
    private static func unshuffled(_ bytes: Bytes, _ elementSize: Int) -> Bytes {
        let count = bytes.count / elementSize
        guard elementSize > 1, count > 1 else { return bytes }
        return Bytes(
            ByteRegion(count: bytes.count) { output in
                bytes.withBytes { input in
                    for place in 0..<elementSize {
                        let start = place * count
                        for index in 0..<count { output[index &* elementSize &+ place] = input[start &+ index] }
                    }
                    for index in (count * elementSize)..<input.count { output[index] = input[index] }
                }
            })
    }

    /// The bytes before their checksum, which must be right.
    private static func checked(_ bytes: Bytes) throws(FormatError) -> Bytes {
        guard let content = bytes.slice(0..<max(bytes.count - 4, 0)), let sum = bytes.slice(content.count..<bytes.count), sum.count == 4
        else {
            throw malformed("has a chunk too short for its checksum")
        }
        let stored = sum.array.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard content.withBytes({ HDF5Checksum.fletcher32($0) }) == stored else {
            throw malformed("has a chunk that does not match its checksum")
        }
        return content
    }
}

extension HDF5Filters.Method {
    fileprivate var changesSize: Bool {
        switch self {
        case .deflate, .lzf: true
        default: false
        }
    }
}
