import CrateFormats
import CrateLanguage
import CrateValues
import OpenCrate

/// What several commands say of sizes and times, and take as times.
extension Session {
    /// What goes for good only later.
    func reportFreed(_ bytes: Int, _ remedy: String) {
        output.report("\(sizeText(bytes)) will be freed by `gc`; until then \(remedy)\n")
    }

    /// `2025-11-16 11:44:43`
    func timeText(_ time: Timestamp) -> String { LogRecord(level: .info, message: "", time: time).fileLine.split(separator: " - ")[0].description }

    /// A point of time: `2026-11-20`, `2026-11-20 11:44`, or how long ago, as `7d`, `12h`, `30m`, `45s`, `2w`. Nanoseconds since 1970, UTC.
    func moment(_ text: String) throws(Failure) -> Int {
        let clock = configuration.system.clock
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
        if let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), count >= 0 {
            let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
            let (length, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            if !overflow, !isTooLong { return clock.now() - length }
        }
        if let civil = civilSeconds(text) {
            let guess = civil * 1_000_000_000
            let offset = clock.local(guess).time?.offsetMinutes ?? 0
            return guess - offset * 60_000_000_000
        }
        throw Failure("value", "`\(text)` is no time", hint: "write a day such as \"2026-11-20\", or how long ago: \"7d\", \"12h\", \"30m\"")
    }
}

/// Seconds from 1970 to a local day and time, as if its zone were UTC.
private func civilSeconds(_ text: String) -> Int? {
    let halves = text.split(whereSeparator: { $0 == " " || $0 == "T" })
    guard let day = halves.first, halves.count <= 2 else { return nil }
    let date = day.split(separator: "-", omittingEmptySubsequences: false).compactMap { Int($0) }
    guard date.count == 3, (1...9999).contains(date[0]), (1...12).contains(date[1]), (1...31).contains(date[2]) else { return nil }
    var clock = halves.count == 2 ? halves[1].split(separator: ":", omittingEmptySubsequences: false).compactMap { Int($0) } : [0, 0]
    guard (2...3).contains(clock.count), (0...23).contains(clock[0]), (0...59).contains(clock[1]), clock.count == 2 || (0...60).contains(clock[2]) else { return nil }
    if clock.count == 2 { clock.append(0) }
    // Days since 1970 in the Gregorian calendar, with years that begin in March so that the leap day comes last.
    let year = date[1] <= 2 ? date[0] - 1 : date[0]
    let month = (date[1] + 9) % 12
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + date[2] - 1 - 719_468
    return days * 86400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
}

/// As the trees show sizes.
func sizeText(_ bytes: Int) -> String { ByteCount.text(bytes) }

/// One line of JSON.
func jsonText(_ document: Document) throws(Failure) -> String {
    let sink = MemorySink()
    do { try JSON.encode(document, to: sink) } catch { throw Failure(error) }
    return String(decoding: sink.array, as: UTF8.self)
}
