import CrateValues

/// Something that takes bytes which nobody meant for it, and must answer with a value or an error.
public struct FuzzTarget: Sendable {
    public let name: String
    /// Extensions of the files under `Tests` and `examples` that the search begins with.
    public let seeds: [String]
    /// Bytes of the longest input that is tried.
    public let longest: Int
    /// What the format's files are made of, for the fuzzer to put in.
    public let words: [String]
    private let body: @Sendable (Bytes) throws -> Void

    public init(_ name: String, seeds: [String], longest: Int = 4096, words: [String] = [], body: @escaping @Sendable (Bytes) throws -> Void) {
        self.name = name
        self.seeds = seeds
        self.longest = longest
        self.words = words
        self.body = body
    }

    /// Ends the process when there is a defect; an error is as good an answer as a value.
    public func run(_ bytes: Bytes) { try? body(bytes) }

    public static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
