import CrateCommands
import Glibc
import Synchronization

/// Shows on standard error how far long work is, from half a second on, and leaves nothing behind.
///
/// A thread of its own draws, so that work that reports nothing for a while is seen to go on. It sleeps while there is no work. Whoever
/// else writes to the terminal does so through `apart`.
final class ProgressBar: Sendable {
    private struct State {
        var isVisible = false
        var isOff = false
    }

    private let state = Mutex(State())
    /// Wakes the thread at the beginning of work; -1 before there is one.
    private let alarm: (reading: Int32, writing: Int32)
    private let isAsleep = Atomic(true)
    private let hasThread = Atomic(false)
    private let work = Mutex<Progress?>(nil)
    private let isUnicode: Bool

    /// Nanoseconds.
    private static let patience = 500_000_000
    private static let pause: Int32 = 100

    /// `nil` where a bar would be in the way: standard error is no terminal, or one that can't erase a line.
    init?(environment: [String: String]) {
        guard isatty(STDERR_FILENO) == 1, !["", "dumb", "unknown"].contains(environment["TERM", default: ""]) else { return nil }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        alarm = (ends[0], ends[1])
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        isUnicode = locale.lowercased().replacing("-", with: "").contains("utf8")
    }

    var isOff: Bool {
        get { state.withLock { $0.isOff } }
        set { state.withLock { $0.isOff = newValue } }
    }

    /// What the engine is to report to.
    func progress() -> Progress {
        let progress = Progress(now: { ProgressBar.now }) { [weak self] isBeginning in
            if isBeginning { self?.wake() } else { self?.apart {} }
        }
        work.withLock { [progress] in $0 = progress }
        return progress
    }

    /// Runs `body`, which writes to the terminal, with the bar gone.
    func apart<Result>(_ body: () -> Result) -> Result {
        state.withLock { state in
            if state.isVisible { erase() }
            state.isVisible = false
            return body()
        }
    }

    private func wake() {
        if !hasThread.exchange(true, ordering: .acquiringAndReleasing) { start() }
        var byte: UInt8 = 0
        if isAsleep.exchange(false, ordering: .acquiringAndReleasing) { _ = write(alarm.writing, &byte, 1) }
    }

    private func erase() { writeAll("\r\u{1B}[K", to: STDERR_FILENO) }

    private static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 8 ? Int(size.ws_col) : 80
    }

    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    // MARK: the thread

    /// Signals stay with the main thread, whose reads they must wake.
    private func start() {
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let owner = Unmanaged.passRetained(self)
        let isStarted = pthread_create(&thread, nil, { owner in
            if let owner { Unmanaged<ProgressBar>.fromOpaque(owner).takeUnretainedValue().run() }
            return nil
        }, owner.toOpaque()) == 0
        if isStarted { pthread_detach(thread) } else { owner.release() }
    }

    private func run() {
        var wait: Int32 = -1
        while true {
            var request = pollfd(fd: alarm.reading, events: Int16(POLLIN), revents: 0)
            if poll(&request, 1, wait) > 0 {
                var byte: UInt8 = 0
                _ = read(alarm.reading, &byte, 1)
            }
            wait = draw()
            // Work that began meanwhile found nobody asleep.
            if wait < 0 {
                isAsleep.store(true, ordering: .sequentiallyConsistent)
                if work.withLock({ $0?.current }) != nil { (wait, _) = (0, isAsleep.exchange(false, ordering: .sequentiallyConsistent)) }
            }
        }
    }

    /// Answers after how many milliseconds to look again; -1 when there is nothing to look at.
    private func draw() -> Int32 {
        let progress = work.withLock { $0 }
        return state.withLock { state in
            // Under the lock: work that has ended has erased its bar, and must not get a new one.
            guard let (work, done) = progress?.current else { return -1 }
            let age = ProgressBar.now - work.start
            if age < ProgressBar.patience { return Int32(clamping: (ProgressBar.patience - age) / 1_000_000 + 1) }
            if state.isOff || tcgetpgrp(STDERR_FILENO) != getpgrp() { return ProgressBar.pause }
            let text = ProgressText(
                title: work.title, measure: work.measure, done: done, total: work.total, seconds: Double(age) / 1e9, showsColour: showsColour,
                isUnicode: isUnicode)
            writeAll("\r\(text.text(columns: ProgressBar.columns - 1))\u{1B}[K", to: STDERR_FILENO)
            state.isVisible = true
            return ProgressBar.pause
        }
    }

    private let colour = Atomic(false)
    /// Whether the bar has colours.
    var showsColour: Bool {
        get { colour.load(ordering: .relaxed) }
        set { colour.store(newValue, ordering: .relaxed) }
    }
}
