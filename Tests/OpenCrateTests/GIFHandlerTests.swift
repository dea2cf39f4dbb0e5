import CrateFormats
import CrateValues
import Testing

@testable import OpenCrate

@Suite struct GIFHandlerTests {
    private func encoded(_ content: Content, _ options: [String: Document] = [:]) throws -> Animation {
        let handler = GIFHandler()
        let sink = MemorySink()
        let checked = try HandlerOptions(checking: options, against: handler.saveOptions, kind: "gif", limits: .standard)
        try handler.encode(content, name: ArtifactName("a.gif"), options: checked, to: sink)
        let content = try handler.decode(Bytes(sink.array), name: ArtifactName("a.gif"), options: HandlerOptions())
        guard case .animation(let animation) = content else { throw NoAnimation() }
        return animation
    }

    private struct NoAnimation: Error {}

    private func refusal(_ content: Content, _ options: [String: Document] = [:]) -> FormatError? {
        do { _ = try encoded(content, options) } catch { return error as? FormatError }
        return nil
    }

    private func array(_ dtype: DType, _ shape: [Int]) throws -> Tensor { try #require(Tensor.ramp(dtype, shape)) }

    @Test func takesListsAndArrays() throws {
        let film = try array(.uint8, [3, 4, 5, 3])
        let fromArray = try encoded(.document(.tensor(film)))
        let fromList = try encoded(.document(.list(try (0..<3).map { .tensor(try film.at($0)) })))
        #expect(fromArray.frames.count == 3 && fromArray.loopCount == 0)
        #expect(fromArray.frames.map(\.delay) == [100, 100, 100])
        for animation in [fromArray, fromList] {
            for (index, frame) in animation.frames.enumerated() { #expect(try frame.pixels.digest() == film.at(index).digest()) }
        }
        #expect(try encoded(.document(.tensor(array(.uint8, [2, 6, 7])))).frames.map(\.pixels.shape) == [[6, 7, 3], [6, 7, 3]])
        #expect(try encoded(.document(.tensor(array(.uint8, [2, 3, 6, 7])))).frames.map(\.pixels.shape) == [[6, 7, 3], [6, 7, 3]])
        #expect(try encoded(.image(Image(pixels: array(.uint8, [6, 7])))).frames.count == 1)
    }

    /// Each frame by itself would be stretched to the same black and white.
    @Test func otherTypesAreStretchedOverAllFramesTogether() throws {
        let film = try Tensor.from([0.0, 0.2, 0.8, 1.0]).reshaped([2, 1, 2])
        for content in [Document.tensor(film), .list([.tensor(try film.at(0)), .tensor(try film.at(1))])] {
            let frames = try encoded(.document(content)).frames
            #expect(try frames.map { try $0.pixels.at(0, axis: 2).scalars() } == [[.int(0), .int(51)], [.int(204), .int(255)]])
        }
    }

    @Test(arguments: [
        (["fps": .integer(20)], [50, 50]), (["fps": .integer(60)], [20, 20]), (["fps": .integer(1000)], [10, 10]),
        (["fps": .float(0.5)], [2000, 2000]),
        (["duration": .integer(80)], [80, 80]), (["duration": .list([.integer(30), .float(70)])], [30, 70]), ([:], [100, 100]),
    ] as [([String: Document], [Int])])
    func times(_ options: [String: Document], _ delays: [Int]) throws {
        #expect(try encoded(.document(.tensor(array(.uint8, [2, 3, 3]))), options).frames.map(\.delay) == delays)
    }

    @Test func anAnimationKeepsItsTimesUnlessToldOtherwise() throws {
        let frames = try (0..<2).map { Animation.Frame(pixels: try array(.uint8, [2, 3, 3]), delay: 30 + 40 * $0) }
        let kept = try encoded(.animation(Animation(frames: frames, loopCount: nil)))
        #expect(kept.frames.map(\.delay) == [30, 70] && kept.loopCount == nil)
        let changed = try encoded(.animation(Animation(frames: frames, loopCount: nil)), ["loop": .integer(3), "fps": .integer(5)])
        #expect(changed.frames.map(\.delay) == [200, 200] && changed.loopCount == 3)
    }

    @Test func whatCannotBeShownIsRefused() throws {
        let film = Content.document(.tensor(try array(.uint8, [2, 3, 3])))
        for options in [
            ["fps": .integer(0)], ["fps": .float(-1)], ["fps": .float(.nan)], ["fps": .float(.infinity)], ["fps": .float(1e-300)],
            ["duration": .integer(-10)], ["duration": .float(.nan)], ["duration": .float(1e300)], ["duration": .integer(655_360)],
            ["duration": .list([])], ["duration": .list([.integer(1), .integer(2), .integer(3)])], ["loop": .integer(-1)],
            ["loop": .integer(65536)], ["fps": .integer(5), "duration": .integer(5)],
        ] as [[String: Document]] { #expect(refusal(film, options)?.kind == .unrepresentable, "\(options)") }
        let uneven = Document.list([.tensor(try array(.uint8, [2, 3])), .tensor(try array(.uint8, [3, 2]))])
        let unevenFloats = Document.list([.tensor(try array(.float32, [2, 3])), .tensor(try array(.float32, [3, 2]))])
        for content in [
            uneven, unevenFloats, .list([]), .list([.integer(1)]), .tensor(try array(.uint8, [3, 3])), .tensor(try array(.uint8, [0, 3, 3])),
            .tensor(try array(.uint8, [2, 4, 4, 7])),
            .tensor(try array(.complex64, [2, 3, 3])), .string("film"),
        ] as [Document] { #expect(refusal(.document(content))?.kind == .unrepresentable, "\(content)") }
    }

    @Test func optionsHaveTypes() {
        let known = GIFHandler().saveOptions
        for options in [["duration": .string("long")], ["duration": .list([.string("long")])], ["fps": .bool(true)]] as [[String: Document]] {
            failure("invalid") { _ = try HandlerOptions(checking: options, against: known, kind: "gif", limits: .standard) }
        }
    }
}
