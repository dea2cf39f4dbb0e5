import Glibc

/// Measures time from its making on.
struct Stopwatch {
    private let start = Stopwatch.seconds(CLOCK_MONOTONIC)
    private let processorStart = Stopwatch.seconds(CLOCK_PROCESS_CPUTIME_ID)

    var seconds: Double { Stopwatch.seconds(CLOCK_MONOTONIC) - start }

    /// `time: 1.52 s, 1.48 s of it on processors`
    var text: String {
        "time: \(Stopwatch.text(seconds)), processors \(Stopwatch.text(Stopwatch.seconds(CLOCK_PROCESS_CPUTIME_ID) - processorStart))"
    }

    /// Three digits, in the unit that fits.
    static func text(_ seconds: Double) -> String {
        switch seconds {
        case ..<1e-3: "\(rounded(seconds * 1e6)) µs"
        case ..<1: "\(rounded(seconds * 1e3)) ms"
        case ..<60: "\(rounded(seconds)) s"
        default: "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
        }
    }

    private static func rounded(_ number: Double) -> String {
        if number >= 100 { return "\(Int(number.rounded()))" }
        let places = number >= 10 ? 10.0 : 100.0
        return "\((number * places).rounded() / places)"
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
