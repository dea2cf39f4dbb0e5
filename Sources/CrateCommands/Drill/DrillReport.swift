import CrateFormats
import CrateValues

/// What a drill found, line by line.
public struct DrillReport {
    public enum Mark: String {
        case good
        /// Works, in another way or at another cost.
        case limited
        /// A promise was not kept.
        case broken
    }

    public struct Line {
        public let name: String
        public let mark: Mark
        /// One sentence.
        public let detail: String
    }

    public internal(set) var lines: [Line] = []
    /// Where its files are, when they were kept.
    public internal(set) var folder: String?

    /// Whether every promise was kept.
    public var isGood: Bool { !lines.contains { $0.mark == .broken } }

    mutating func add(_ name: String, _ mark: Mark, _ detail: String) { lines.append(Line(name: name, mark: mark, detail: detail)) }

    /// A table, and what it comes to.
    public func text(colour: Bool) -> String {
        let width = lines.map(\.name.count).max() ?? 0
        let rows = lines.map { line in
            let mark = line.mark.rawValue + String(repeating: " ", count: 7 - line.mark.rawValue.count)
            let name = line.name + String(repeating: " ", count: width - line.name.count)
            return "\(name)  \(colour ? "\u{1B}[\(line.mark.colour)m\(mark)\u{1B}[0m" : mark)  \(line.detail)\n"
        }
        return rows.joined() + "\n" + verdict + "\n" + (folder.map { "its files are in \($0)\n" } ?? "")
    }

    private var verdict: String {
        let broken = lines.count { $0.mark == .broken }
        if broken > 0 { return "\(broken) of \(lines.count) are not as promised: do not trust this store with an only copy before that is mended." }
        let limited = lines.count { $0.mark == .limited }
        let rest = limited == 0 ? "." : "; \(limited) \(limited == 1 ? "thing works" : "things work") in another way than usual here."
        return "nothing was lost, and everything that was damaged was found" + rest
    }

    public var json: String {
        let lines = lines.map { Document.object([("name", .string($0.name)), ("mark", .string($0.mark.rawValue)), ("detail", .string($0.detail))]) }
        return JSON.text(.object([("good", .bool(isGood)), ("lines", .list(lines)), ("folder", folder.map { .string($0) } ?? .null)]), indent: 2) + "\n"
    }
}

extension DrillReport.Mark {
    fileprivate var colour: String {
        switch self {
        case .good: "32"
        case .limited: "33"
        case .broken: "31"
        }
    }
}
