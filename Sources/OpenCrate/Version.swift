/// One folder of a snapshot's series: a number, or `dev`, with its tag.
public struct Version: Sendable, Hashable {
    /// From 0; `nil` for `dev`.
    public let number: Int?
    /// `nil` without one.
    public let tag: String?

    public init(number: Int?, tag: String? = nil) {
        self.number = number
        self.tag = tag?.isEmpty == true ? nil : tag
    }

    /// The folder's name: `v0`, `v0:initial-run`, `dev`.
    public var name: String {
        let stem = number.map { "v\($0)" } ?? "dev"
        return tag.map { "\(stem):\($0)" } ?? stem
    }

    /// Reads a folder's name; `nil` for other folders.
    public init?(folder: String) {
        let parts = folder.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts[0].dropFirst()
        if parts[0] == "dev" {
            number = nil
        } else if parts[0].first == "v", digits.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(digits) {
            number = value
        } else {
            return nil
        }
        tag = parts.count == 2 ? String(parts[1]) : nil
    }
}

extension Version: Comparable {
    /// By number, `dev` last, then by tag.
    public static func < (a: Version, b: Version) -> Bool {
        (a.number ?? .max, a.tag ?? "") < (b.number ?? .max, b.tag ?? "")
    }
}
