import CrateFormats
import CrateLanguage
import CrateValues

/// A date, or a date and a time with or without a zone.
final class TimestampObject: DataObject {
    let timestamp: Timestamp
    init(_ timestamp: Timestamp) { self.timestamp = timestamp }

    override var document: Document { .timestamp(timestamp) }
    override var typeName: String { "timestamp" }
    override var description: String { timestamp.text }
    override var nestedDescription: String { "\"\(timestamp.text)\"" }
    override var memberNames: [String] { ["year", "month", "day", "hour", "minute", "second", "offset"] }

    override func member(_ name: String) -> Value? {
        switch name {
        case "year": .int(timestamp.year)
        case "month": .int(timestamp.month)
        case "day": .int(timestamp.day)
        case "hour": .int(timestamp.time?.hour ?? 0)
        case "minute": .int(timestamp.time?.minute ?? 0)
        case "second": seconds
        case "offset": timestamp.time?.offsetMinutes.map { .int($0) } ?? .null
        default: nil
        }
    }

    private var seconds: Value {
        guard let time = timestamp.time, time.nanosecond > 0 else { return .int(timestamp.time?.second ?? 0) }
        return .float(Double(time.second) + Double(time.nanosecond) / 1e9)
    }

    override func isEqual(to other: Object) -> Bool {
        guard let other = other as? TimestampObject else { return false }
        return timestamp == other.timestamp || (hasZone && other.hasZone && order(other) == 0)
    }

    /// Earlier and later, and the seconds between two.
    override func binary(_ op: BinaryOperator, _ other: Value, isReversed: Bool) throws(Failure) -> Value? {
        guard case .object(let object) = other, let other = object as? TimestampObject else { return nil }
        guard op != .equal, op != .notEqual else { return .bool(isEqual(to: other) == (op == .equal)) }
        guard hasZone == other.hasZone else { throw Failure("value", "a time with a zone and one without can't be compared") }
        let difference = isReversed ? other.order(self) : order(other)
        switch op {
        case .less: return .bool(difference < 0)
        case .lessOrEqual: return .bool(difference <= 0)
        case .greater: return .bool(difference > 0)
        case .greaterOrEqual: return .bool(difference >= 0)
        case .subtract: return .float(difference)
        default: return nil
        }
    }

    private var hasZone: Bool { timestamp.time?.offsetMinutes != nil }

    /// The seconds from `other` to this, whole days being exact.
    private func order(_ other: TimestampObject) -> Double {
        let (a, b) = (timestamp.secondsOfEra, other.timestamp.secondsOfEra)
        let nanoseconds = (timestamp.time?.nanosecond ?? 0) - (other.timestamp.time?.nanosecond ?? 0)
        return Double(a - b) + Double(nanoseconds) / 1e9
    }
}

extension Timestamp {
    /// Seconds since the first of March of the year 0, in UTC when the zone is known.
    fileprivate var secondsOfEra: Int {
        // Years begin in March here, so that the leap day is their last.
        let marchYear = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = 365 * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear
        guard let time else { return days * 86_400 }
        return days * 86_400 + time.hour * 3600 + (time.minute - (time.offsetMinutes ?? 0)) * 60 + time.second
    }
}
