import Glibc

/// Characters from a terminal, and the events that signal handlers report meanwhile.
///
/// Reads one byte at a time: whatever comes after the line that ends the session stays for the program that runs next.
final class TerminalInput {
    enum Item: Equatable {
        case scalar(Unicode.Scalar)
        case event(TerminalEvent)
        case end
    }

    private let descriptor: Int32
    /// The terminal opened once more, which is closed again; −1 for none.
    private let own: Int32
    /// The reading end of the pipe that signal handlers write to, non-blocking.
    private let events: Int32
    /// Whether Ctrl-C comes as a character, which is told as an event.
    private let hasInterruptKey: Bool
    /// Whether what comes is text that was pasted, whose Ctrl-C means nothing.
    var isPasting = false
    /// Milliseconds in which more of a paste comes.
    private static let pasteTime: Int32 = 100
    /// Bytes that were read and belong to what comes next.
    private var heldBack: ArraySlice<UInt8> = []
    /// What ended a sequence before its time.
    private var postponed: Item?

    /// A terminal is opened once more, to read without blocking: Ctrl-C takes away what has been typed, also between a look whether something is
    /// there and the reading of it, which would then wait for a further key. Other programs keep the terminal as it is.
    init(descriptor: Int32, events: Int32, hasInterruptKey: Bool = false) {
        self.hasInterruptKey = hasInterruptKey
        own = isatty(descriptor) == 1 ? open("/proc/self/fd/\(descriptor)", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1
        self.descriptor = own < 0 ? descriptor : own
        self.events = events
    }

    deinit { if own >= 0 { close(own) } }

    /// Waits for the next character or event.
    func next() -> Item {
        while true {
            let item = nextItem()
            guard hasInterruptKey, item == .scalar("\u{3}") else { return item }
            // The end of a paste may have been lost: a Ctrl-C that nothing follows was pressed.
            if !isPasting || !isPending(within: Self.pasteTime) { return .event(.interrupted) }
        }
    }

    private func nextItem() -> Item {
        if let item = postponed {
            postponed = nil
            return item
        }
        switch nextByte() {
        case .success(let byte): return scalar(startingWith: byte)
        case .failure(let stop): return stop.item
        }
    }

    /// The next character of a sequence that has begun; `nil` when an event or the end comes instead, which `next` gives afterwards.
    func nextInSequence() -> Unicode.Scalar? {
        let item = next()
        if case .scalar(let scalar) = item { return scalar }
        postponed = item
        return nil
    }

    /// Whether something can be read by then; at once when `milliseconds` is 0.
    func isPending(within milliseconds: Int32 = 0) -> Bool {
        if !heldBack.isEmpty || postponed != nil { return true }
        var waiting = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: events, events: Int16(POLLIN), revents: 0)]
        return poll(&waiting, 2, milliseconds) > 0
    }

    /// Gives a character back, to be read next.
    func unread(_ text: String) { heldBack = Array(text.utf8) + heldBack }

    /// Forgets interrupts that arrived while nobody was reading, and what was typed before them.
    func dropPendingEvents() {
        if case .event? = postponed { postponed = nil }
        while let event = nextEvent() { if event == .interrupted { heldBack = [] } }
    }

    /// The letters that wait behind `first`, with it; so many at once that others have their turn.
    func text(startingWith first: Unicode.Scalar) -> String {
        var text = String.UnicodeScalarView([first])
        for _ in 1..<Self.mostLetters {
            guard isPending(), let scalar = nextInSequence() else { break }
            guard scalar.isPrinted else {
                unread(String(scalar))
                break
            }
            text.append(scalar)
        }
        return String(text)
    }

    private static let mostLetters = 4096

    /// See `LineReader`. One in a paste that has begun is no key.
    func readAhead() -> Bool {
        guard own >= 0 else { return false }
        for _ in 0..<Self.mostLetters where !heldBack.contains(where: { $0 == 0x0A || $0 == 0x0D }) {
            var byte: UInt8 = 0
            guard read(descriptor, &byte, 1) == 1 else { break }
            heldBack.append(byte)
            guard byte == 3, !String(decoding: heldBack, as: UTF8.self).contains("\u{1B}[200~") else { continue }
            heldBack = []
            return true
        }
        return false
    }

    private struct Stop: Error { let item: Item }

    private func nextByte() -> Result<UInt8, Stop> {
        if let byte = heldBack.popFirst() { return .success(byte) }
        while true {
            var waiting = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: events, events: Int16(POLLIN), revents: 0)]
            guard poll(&waiting, 2, -1) >= 0 || errno == EINTR else { return .failure(Stop(item: .end)) }
            if let event = nextEvent() { return .failure(Stop(item: .event(event))) }
            if waiting[0].revents != 0, let result = readByte() { return result }
        }
    }

    /// `nil` when there was nothing to read after all.
    private func readByte() -> Result<UInt8, Stop>? {
        var byte: UInt8 = 0
        let count = read(descriptor, &byte, 1)
        guard count == 1 else { return count < 0 && (errno == EINTR || errno == EAGAIN) ? nil : .failure(Stop(item: .end)) }
        // Ctrl-C empties the terminal's queue: a byte that came with it was typed after it.
        guard let event = nextEvent() else { return .success(byte) }
        heldBack.append(byte)
        return .failure(Stop(item: .event(event)))
    }

    private func nextEvent() -> TerminalEvent? {
        var byte: UInt8 = 0
        return read(events, &byte, 1) == 1 ? TerminalEvent(rawValue: byte) : nil
    }

    /// Decodes UTF-8; what is not UTF-8 comes as U+FFFD, so that it is seen rather than lost.
    private func scalar(startingWith first: UInt8) -> Item {
        var bytes = [first]
        let length =
            switch first {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        while bytes.count < length {
            switch nextByte() {
            case .success(let byte) where byte & 0xC0 == 0x80: bytes.append(byte)
            case .success(let byte):
                heldBack = [byte] + heldBack
                return .scalar("\u{FFFD}")
            case .failure(let stop):
                // The character is finished after the event.
                heldBack = bytes + heldBack
                return stop.item
            }
        }
        let decoded = String(decoding: bytes, as: UTF8.self).unicodeScalars
        return .scalar(decoded.count == 1 ? decoded[decoded.startIndex] : "\u{FFFD}")
    }
}

extension Unicode.Scalar {
    /// Whether it is text, and no key that does something.
    var isPrinted: Bool { value >= 0x20 && value != 0x7F }
}
