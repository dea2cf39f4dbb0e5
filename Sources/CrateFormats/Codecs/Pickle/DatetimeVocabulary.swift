import CrateValues

/// Dates and points of time of Python's `datetime`, from their packed bytes: year (2, highest first), month, day, hour, minute,
/// second, microsecond (3).
struct DatetimeVocabulary: PickleVocabulary {
    func knows(module: String, name: String) -> Bool { module == "datetime" && (name == "datetime" || name == "date") }

    func value(of call: PickleCall, in resolver: PickleResolver) throws(FormatError) -> Document? {
        guard let packed = try resolver.bytes(call.argument(0))?.array, packed.count == (call.name == "date" ? 4 : 10) else { return nil }
        // The highest bit of the month tells the second of two equal hours, when clocks are put back.
        var moment = Timestamp(year: Int(packed[0]) << 8 | Int(packed[1]), month: Int(packed[2] & 0x7F), day: Int(packed[3]))
        if call.name == "datetime" {
            let micro = Int(packed[7]) << 16 | Int(packed[8]) << 8 | Int(packed[9])
            guard packed[4] < 24, packed[5] < 60, packed[6] < 60, micro < 1_000_000 else { return nil }
            moment.time = .init(hour: Int(packed[4]), minute: Int(packed[5]), second: Int(packed[6]), nanosecond: micro * 1000)
        }
        guard (1...9999).contains(moment.year), (1...12).contains(moment.month), (1...31).contains(moment.day) else { return nil }
        guard let zone = call.argument(1) else { return .timestamp(moment) }
        guard let minutes = offsetMinutes(zone, resolver.graph) else { return nil }
        moment.time?.offsetMinutes = minutes
        return .timestamp(moment)
    }

    /// As `value` takes it apart; the numbers are in their ranges.
    static func packed(_ moment: Timestamp) -> [UInt8] {
        let date = [moment.year >> 8, moment.year, moment.month, moment.day]
        let time = moment.time.map { time in
            let micro = time.nanosecond / 1000
            return [time.hour, time.minute, time.second, micro >> 16, micro >> 8, micro]
        }
        return (date + (time ?? [])).map { UInt8(truncatingIfNeeded: $0) }
    }

    /// Of `timezone(timedelta(days, seconds, microseconds))`; `nil` for zones of other sorts, and for parts of a minute.
    private func offsetMinutes(_ zone: PickleGraph.Item, _ graph: PickleGraph) -> Int? {
        guard let span = arguments(of: zone, named: "datetime.timezone", graph)?.first,
            let parts = arguments(of: span, named: "datetime.timedelta", graph), parts.count == 3,
            case .integer(let days) = parts[0], case .integer(let seconds) = parts[1], case .integer(0) = parts[2],
            (-1...1).contains(days), (0..<86_400).contains(seconds), seconds.isMultiple(of: 60)
        else { return nil }
        return days * 1440 + seconds / 60
    }

    private func arguments(of item: PickleGraph.Item, named name: String, _ graph: PickleGraph) -> [PickleGraph.Item]? {
        guard case .call(let callable, let arguments)? = graph.object(of: item)?.kind, graph.label(of: callable)?.qualifiedName == name else {
            return nil
        }
        return graph.tuple(arguments)
    }
}
