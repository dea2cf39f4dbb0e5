import CrateLanguage
import CrateValues

/// A sound in the language: its samples, as the file has them, and its rate.
final class AudioObject: Object, ArrayLike {
    let clip: AudioClip

    init(_ clip: AudioClip) { self.clip = clip }

    var tensor: Tensor { clip.samples }

    override var typeName: String { "audio" }
    override var description: String {
        "audio(\(Value.float(clip.duration)) s, \(clip.sampleRate) Hz, \(clip.channels) channel\(clip.channels == 1 ? "" : "s"))"
    }

    /// Frames.
    override var count: Int? { clip.frameCount }
    override var memberNames: [String] {
        ["data", "sample_rate", "duration", "channels", "frames", "dtype", "shape", "format", "subtype", "tags", "warnings"]
    }

    override func member(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "data": .object(ArrayObject(clip.samples))
        case "sample_rate": .int(clip.sampleRate)
        case "duration": .float(clip.duration)
        case "channels": .int(clip.channels)
        case "frames": .int(clip.frameCount)
        case "dtype", "shape": try ArrayObject(clip.samples).member(name)
        case "format": .string(clip.format)
        case "subtype": .string(clip.subtype)
        case "tags": .dict(tags)
        case "warnings": .strings(clip.warnings)
        default: nil
        }
    }

    private var tags: DictObject {
        let tags = DictObject()
        for (name, text) in clip.tags { tags[name] = .string(text) }
        return tags
    }

    /// `tone["data"]` as on the Python side, or frames by position.
    override func element(_ indices: [Index]) throws(Failure) -> Value {
        if indices.count == 1, case .at(.string(let name)) = indices[0] {
            if let value = try member(name) { return value }
            throw Failure("key", "a sound has no \"\(name)\"", hint: "it has \(memberNames.joined(separator: ", "))")
        }
        return try ArrayObject(clip.samples).element(indices)
    }

    override func item(at position: Int) throws(Failure) -> Value { try ArrayObject(clip.samples).item(at: position) }

    override func binary(_ op: BinaryOperator, _ other: Value, isReversed: Bool) throws(Failure) -> Value? {
        try ArrayObject(clip.samples).binary(op, other, isReversed: isReversed)
    }

    override func negated() throws(Failure) -> Value { try ArrayObject(clip.samples).negated() }

    override func isEqual(to other: Object) -> Bool {
        guard let other = other as? AudioObject else { return false }
        return clip.sampleRate == other.clip.sampleRate && clip.samples.hasEqualElements(other.clip.samples)
    }
}
