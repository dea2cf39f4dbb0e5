import CrateLanguage
import CrateValues

/// A picture in the language. It behaves as the array of its samples, and knows its texts.
final class ImageObject: Object, ArrayLike {
    private(set) var image: Image

    init(_ image: Image) { self.image = image }

    var tensor: Tensor { image.pixels }
    private var array: ArrayObject { ArrayObject(image.pixels) }

    override var typeName: String { "image" }
    override var description: String {
        "image(\(image.width) × \(image.height), \(image.channels) channel\(image.channels == 1 ? "" : "s"), \(image.pixels.dtype.rawValue))"
    }
    override var isCopiedOnRead: Bool { true }
    override var count: Int? { array.count }

    private static let properties = ["shape", "width", "height", "channels", "mode", "dtype", "size", "pixels", "texts"]

    override var memberNames: [String] { ImageObject.properties + array.memberNames.filter { !ImageObject.properties.contains($0) } }

    override func member(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "width": return .int(image.width)
        case "height": return .int(image.height)
        case "channels": return .int(image.channels)
        case "mode": return .string(image.mode.rawValue)
        case "pixels": return .object(array)
        case "texts":
            let texts = DictObject()
            for (key, text) in image.texts { texts[key] = .string(text) }
            return .dict(texts)
        default: return try array.member(name)
        }
    }

    override func method(_ name: String) -> NativeFunction? { array.method(name) }
    override func element(_ indices: [Index]) throws(Failure) -> Value { try array.element(indices) }
    override func item(at position: Int) throws(Failure) -> Value { try array.item(at: position) }
    override func contains(_ item: Value) throws(Failure) -> Bool { try array.contains(item) }
    override func negated() throws(Failure) -> Value { try array.negated() }

    override func setElement(_ indices: [Index], to value: Value) throws(Failure) {
        let changed = array
        try changed.setElement(indices, to: value)
        image.pixels = changed.tensor
    }

    override func binary(_ op: BinaryOperator, _ other: Value, isReversed: Bool) throws(Failure) -> Value? {
        try array.binary(op, other, isReversed: isReversed)
    }

    override func isEqual(to other: Object) -> Bool {
        guard let other = other as? any ArrayLike else { return false }
        return image.pixels.hasEqualElements(other.tensor)
    }
}
