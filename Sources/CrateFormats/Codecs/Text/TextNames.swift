import CrateValues

extension Document {
    /// A word for messages.
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer, .bigInteger: "integer"
        case .float: "float"
        case .complex: "complex number"
        case .string: "text"
        case .bytes: "bytes"
        case .timestamp: "date"
        case .list: "list"
        case .tuple: "tuple"
        case .set: "set"
        case .mapping: "mapping"
        case .tensor: "array"
        case .opaque(let opaque): "object of class \(opaque.name)"
        }
    }
}

extension Timestamp {
    /// `2024-05-06`, `2024-05-06 07:08:09.5+02:00`: Python's `isoformat(" ")`.
    public var text: String {
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        guard let time else { return date }
        return
            "\(date) \(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2))\(fraction(time.nanosecond))\(zone(time.offsetMinutes))"
    }

    private func fraction(_ nanosecond: Int) -> String {
        guard nanosecond > 0 else { return "" }
        let digits = padded(nanosecond, 9)
        return "." + (nanosecond % 1000 == 0 ? String(digits.prefix(6)) : digits)
    }

    private func zone(_ offset: Int?) -> String {
        guard let offset else { return "" }
        return (offset < 0 ? "-" : "+") + padded(abs(offset) / 60, 2) + ":" + padded(abs(offset) % 60, 2)
    }

    private func padded(_ number: Int, _ width: Int) -> String {
        let digits = number.description
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
