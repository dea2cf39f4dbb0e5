/// What a reader refuses to go beyond, whatever a file claims. Every limit can be raised by the caller.
public struct Limits: Sendable {
    /// Nesting of lists and mappings.
    public var depth = 512
    /// Nodes of a document, counting shared parts each time they are used.
    public var nodes = 10_000_000
    /// Width times height of an image, of a video's frame, and of all frames that are held at once.
    public var pixels = 250_000_000
    /// Bytes that compressed input may become, in all.
    public var inflatedBytes = 16 << 30
    /// Bytes out per byte in, beyond a first mebibyte; beyond the first 64 by bzip2, xz, lzma and lz4, which shrink equal bytes more.
    public var inflationRatio = 1100
    /// Files, folders and links in one archive.
    public var members = 1_000_000
    /// Digits of one integer.
    public var digits = 100_000
    /// Bytes of memory that a program started for a format may ask for.
    public var programMemory = 8 << 30
    public init() {}
    public static let standard = Limits()
}

extension Limits {
    /// For what `packed` bytes unpack to: a few bytes can become millions of values, each of which takes more memory than the bytes that spell
    /// it. A limit of the caller's own stands.
    func unpacked(from packed: Int) -> Limits {
        guard nodes == Limits.standard.nodes else { return self }
        var limits = self
        limits.nodes = min(nodes, max(1_000_000, packed.multipliedReportingOverflow(by: 100).partialValue))
        return limits
    }

    /// Each limit by the name that options use. A new limit belongs here, too.
    static let byName: [(name: String, path: any WritableKeyPath<Limits, Int> & Sendable)] = [
        ("depth", \.depth), ("nodes", \.nodes), ("pixels", \.pixels), ("inflated_bytes", \.inflatedBytes),
        ("inflation_ratio", \.inflationRatio), ("members", \.members), ("digits", \.digits), ("program_memory", \.programMemory),
    ]

    /// The names, in the order of the documentation.
    public static var names: [String] { byName.map(\.name) }

    /// What a limit may be raised to: nesting uses the stack, in readers and when what they read is released; for the others it is a
    /// number with which readers can calculate.
    public static func most(_ name: String) -> Int {
        switch name {
        case "depth": 2000
        case "inflation_ratio": 1 << 20
        default: 1 << 40
        }
    }

    /// Sets the limit called `name`; false when there is none, or `value` is none that it can have.
    public mutating func set(_ name: String, to value: Int) -> Bool {
        guard let path = Limits.byName.first(where: { $0.name == name })?.path, (1...Limits.most(name)).contains(value) else { return false }
        self[keyPath: path] = value
        return true
    }
}
