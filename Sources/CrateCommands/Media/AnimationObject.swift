import CrateLanguage
import CrateValues

/// An animation in the language: a list of pictures that knows their times. As plain data it is the list of its frames.
final class AnimationObject: DataObject {
    let animation: Animation

    init(_ animation: Animation) { self.animation = animation }

    override var document: Document { .list(animation.frames.map { .tensor($0.pixels) }) }

    override var typeName: String { "animation" }
    override var description: String {
        let frames = animation.frames.count
        return "animation(\(frames) frame\(frames == 1 ? "" : "s"), \(animation.width) × \(animation.height), \(Value.float(duration)) s)"
    }

    /// Seconds of one showing.
    private var duration: Double { Double(animation.duration) / 1000 }

    override var memberNames: [String] { ["frames", "delays", "loop", "duration", "width", "height", "fps"] }

    override func member(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "frames": .list(ListObject(animation.frames.map(picture)))
        case "delays": .list(ListObject(animation.frames.map { .int($0.delay) }))
        case "loop": animation.loopCount.map { .int($0) } ?? .null
        case "duration": .float(duration)
        case "width": .int(animation.width)
        case "height": .int(animation.height)
        case "fps": animation.duration > 0 ? .float(Double(animation.frames.count) / duration) : .null
        default: nil
        }
    }

    private func picture(_ frame: Animation.Frame) -> Value { .object(ImageObject(Image(pixels: frame.pixels))) }

    override var count: Int? { animation.frames.count }

    override func item(at position: Int) throws(Failure) -> Value {
        guard animation.frames.indices.contains(position) else {
            throw Failure("index", "an animation of \(animation.frames.count) frames has no frame \(position)")
        }
        return picture(animation.frames[position])
    }

    /// A frame by position, or an animation of some of them.
    override func element(_ indices: [Index]) throws(Failure) -> Value {
        switch try Position(indices, count: animation.frames.count, of: "an animation's frames") {
        case .one(let position): try item(at: position)
        case .range(let range):
            .object(AnimationObject(Animation(frames: Array(animation.frames[range]), loopCount: animation.loopCount)))
        }
    }

    override func isEqual(to other: Object) -> Bool {
        guard let other = (other as? AnimationObject)?.animation, other.frames.count == animation.frames.count else { return false }
        return other.loopCount == animation.loopCount
            && zip(animation.frames, other.frames).allSatisfy { $0.delay == $1.delay && $0.pixels.hasEqualElements($1.pixels) }
    }
}
