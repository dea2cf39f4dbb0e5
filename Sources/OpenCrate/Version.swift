import CrateValues

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

/// As the folders: tags that differ in how an accent is spelled are two.
extension Version: Comparable {
    public static func == (a: Version, b: Version) -> Bool { a.number == b.number && a.tag.map(ExactText.init) == b.tag.map(ExactText.init) }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(number)
        hasher.combine(tag.map(ExactText.init))
    }

    /// By number, `dev` last, then by tag.
    public static func < (a: Version, b: Version) -> Bool {
        let (first, second) = (a.number ?? .max, b.number ?? .max)
        return first == second ? Path.precedes(a.tag ?? "", b.tag ?? "") : first < second
    }
}
