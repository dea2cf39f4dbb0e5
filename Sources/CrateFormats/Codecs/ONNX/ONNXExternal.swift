import CrateValues

/// Where a tensor stands outside of the model's file.
struct ONNXExternalPlace {
    /// Relative to the model's folder, with `/` between the parts.
    let location: String
    private let offset: Int
    private let length: Int?
    private let tensor: String

    init(_ entries: [(key: String, value: String)], tensor: String) throws(FormatError) {
        func refusal(_ reason: String, _ kind: FormatError.Kind = .malformed) -> FormatError {
            FormatError(kind, "ONNX", reason, at: .member(tensor))
        }
        func number(_ key: String) throws(FormatError) -> Int? {
            guard let text = entries.last(where: { $0.key == key })?.value else { return nil }
            guard let number = Int(text), number >= 0 else { throw refusal("has the impossible \(key) \"\(text)\" in another file") }
            return number
        }
        guard let location = entries.last(where: { $0.key == "location" })?.value else {
            throw refusal("is in another file that is not named")
        }
        guard ONNXExternalPlace.staysInside(location) else {
            throw refusal("names \"\(location)\", which is not a file inside the model's folder", .unsafe)
        }
        self.location = location
        offset = try number("offset") ?? 0
        length = try number("length")
        self.tensor = tensor
    }

    /// Refuses every path that could lead out of the folder on any system.
    private static func staysInside(_ path: String) -> Bool {
        let bytes = Array(path.utf8)
        guard let first = bytes.first, first != UInt8(ascii: "/") else { return false }
        guard !bytes.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: ":") }) else { return false }
        return !bytes.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
    }

    func slice(of file: Bytes, byteCount: Int) throws(FormatError) -> Bytes {
        guard length ?? byteCount == byteCount else {
            throw FormatError(.malformed, "ONNX", "needs \(byteCount) bytes and has \(length ?? 0) in \(location)", at: .member(tensor))
        }
        let (end, overflow) = offset.addingReportingOverflow(byteCount)
        guard !overflow, end <= file.count, let slice = file.slice(offset..<end) else {
            throw FormatError(
                .truncated, "ONNX", "reaches past the end of \(location): \(byteCount) bytes at \(offset) of \(file.count)",
                at: .member(tensor))
        }
        return slice
    }
}

/// The files beside the model, each asked for once.
struct ONNXExternalFiles {
    private let open: ONNX.ExternalFiles?
    private var opened: [String: Bytes] = [:]

    init(_ open: ONNX.ExternalFiles?) { self.open = open }

    /// `nil` when nobody gives such files.
    mutating func bytes(_ location: String) throws(FormatError) -> Bytes? {
        guard let open else { return nil }
        if let bytes = opened[location] { return bytes }
        let bytes = try open(location)
        opened[location] = bytes
        return bytes
    }
}
