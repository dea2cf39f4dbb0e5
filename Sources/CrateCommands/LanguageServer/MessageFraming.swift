/// Cuts the messages of the Language Server Protocol's base protocol out of a stream: headers, an empty line, then as many bytes as
/// `Content-Length` says.
public struct MessageFraming {
    private var bytes: [UInt8] = []
    /// Bytes of a message that is too long, still to come.
    private var skipped = 0
    /// No editor sends more in one message.
    static let longest = 256 << 20
    private static let longestHeader = 8192

    public init() {}

    public mutating func add(_ more: some Collection<UInt8>) {
        let dropped = min(skipped, more.count)
        skipped -= dropped
        bytes += more.dropFirst(dropped)
    }

    /// The next whole message; empty for one whose headers can't be read. `nil` until more bytes come.
    public mutating func next() -> [UInt8]? {
        guard let end = headerEnd else {
            if bytes.count <= MessageFraming.longestHeader { return nil }
            bytes = []
            return []
        }
        guard let length = MessageFraming.length(bytes[..<end]) else {
            bytes.removeFirst(end)
            return []
        }
        if length > MessageFraming.longest {
            let here = min(length, bytes.count - end)
            skipped = length - here
            bytes.removeFirst(end + here)
            return []
        }
        guard bytes.count - end >= length else { return nil }
        let message = Array(bytes[end..<end + length])
        bytes.removeFirst(end + length)
        return message
    }

    public static func framed(_ message: [UInt8]) -> [UInt8] { Array("Content-Length: \(message.count)\r\n\r\n".utf8) + message }

    /// Behind the empty line.
    private var headerEnd: Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= mark.count else { return nil }
        let last = min(bytes.count, MessageFraming.longestHeader) - mark.count
        return (0...last).first { bytes[$0..<$0 + mark.count].elementsEqual(mark) }.map { $0 + mark.count }
    }

    private static func length(_ header: ArraySlice<UInt8>) -> Int? {
        for line in String(decoding: header, as: UTF8.self).split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            return Int(parts[1].drop { $0 == " " }).flatMap { $0 >= 0 ? $0 : nil }
        }
        return nil
    }
}
