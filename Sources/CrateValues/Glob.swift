/// A pattern of names: `*` any characters, `?` one, `[abc]`, `[a-z]`, `[!a]` one of several.
public struct Glob: Sendable {
    private enum Part: Sendable {
        case any
        case one
        case scalar(Unicode.Scalar)
        case set([ClosedRange<UInt32>], isNegated: Bool)
    }

    private var parts: [Part] = []

    public init(_ pattern: String) {
        let scalars = Array(pattern.unicodeScalars)
        var position = 0
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            switch scalar {
            case "*": parts.append(.any)
            case "?": parts.append(.one)
            case "[": parts.append(Glob.set(scalars, &position) ?? .scalar(scalar))
            default: parts.append(.scalar(scalar))
            }
        }
    }

    /// What stands behind `[`; `nil` when it is never closed.
    private static func set(_ scalars: [Unicode.Scalar], _ position: inout Int) -> Part? {
        var index = position
        let isNegated = index < scalars.count && scalars[index] == "!"
        if isNegated { index += 1 }
        var ranges: [ClosedRange<UInt32>] = []
        let start = index
        while index < scalars.count, scalars[index] != "]" || index == start {
            let first = scalars[index].value
            if index + 2 < scalars.count, scalars[index + 1] == "-", scalars[index + 2] != "]" {
                let last = scalars[index + 2].value
                if first <= last { ranges.append(first...last) }
                index += 3
            } else {
                ranges.append(first...first)
                index += 1
            }
        }
        guard index < scalars.count else { return nil }
        position = index + 1
        return .set(ranges, isNegated: isNegated)
    }

    /// Goes back only to the last `*`, so the time is at most the product of the lengths.
    public func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var (part, index) = (0, 0)
        var star: (part: Int, index: Int)?
        while index < scalars.count {
            if part < parts.count, case .any = parts[part] {
                star = (part, index)
                part += 1
            } else if part < parts.count, Glob.fits(parts[part], scalars[index]) {
                part += 1
                index += 1
            } else if let last = star {
                star = (last.part, last.index + 1)
                (part, index) = (last.part + 1, last.index + 1)
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { if case .any = $0 { true } else { false } }
    }

    private static func fits(_ part: Part, _ scalar: Unicode.Scalar) -> Bool {
        switch part {
        case .any, .one: true
        case .scalar(let own): own == scalar
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar.value) } != isNegated
        }
    }
}
