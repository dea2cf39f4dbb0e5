internal import CCairo
import CrateValues

/// A surface to draw on, by cairo, which is opened when first used. White at first; places are in pixels from the top left.
final class Canvas {
    private let handle: OpaquePointer
    let width: Int
    let height: Int

    init(width: Int, height: Int) throws(FormatError) {
        guard crate_cairo_is_available() else {
            throw FormatError(
                .missingLibrary, "plot", "needs cairo, which is not installed", hint: "apt-get install libcairo2 fonts-dejavu-core")
        }
        guard let handle = crate_canvas_create(Int32(width), Int32(height)) else {
            throw FormatError(.system, "plot", "of \(width) × \(height) pixels can't be drawn: out of memory")
        }
        self.handle = handle
        self.width = width
        self.height = height
    }

    deinit { crate_canvas_close(handle) }

    /// The picture as RGB of shape (height, width, 3).
    func image() throws(FormatError) -> Image {
        if let failure = crate_canvas_failure(handle) {
            throw FormatError(.system, "plot", "can't be drawn: \(String(cString: failure))")
        }
        let region = ByteRegion(count: width * height * 3) { target in
            crate_canvas_copy_rgb(handle, target.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
        return Image(pixels: try PixelRows.tensor(region, dtype: .uint8, width: width, height: height, channels: 3, format: "plot"))
    }

    // MARK: Shapes

    func setColor(_ color: Color, alpha: Double = 1) {
        crate_canvas_set_color(handle, color.red, color.green, color.blue, alpha)
    }

    func setLine(width: Double, isRound: Bool = false) {
        crate_canvas_set_line_width(handle, width)
        crate_canvas_set_round(handle, isRound)
    }

    func move(_ point: Point) { crate_canvas_move(handle, point.x, point.y) }
    func line(_ point: Point) { crate_canvas_line(handle, point.x, point.y) }
    func circle(_ center: Point, radius: Double) { crate_canvas_circle(handle, center.x, center.y, radius) }
    func rectangle(_ box: Box) { crate_canvas_rectangle(handle, box.left, box.top, box.width, box.height) }
    func fill() { crate_canvas_fill(handle) }
    func fillAndKeep() { crate_canvas_fill_and_keep(handle) }
    func stroke() { crate_canvas_stroke(handle) }

    func roundedRectangle(_ box: Box, radius: Double) {
        let quarter = Double.pi / 2
        crate_canvas_arc(handle, box.right - radius, box.top + radius, radius, -quarter, 0)
        crate_canvas_arc(handle, box.right - radius, box.bottom - radius, radius, 0, quarter)
        crate_canvas_arc(handle, box.left + radius, box.bottom - radius, radius, quarter, 2 * quarter)
        crate_canvas_arc(handle, box.left + radius, box.top + radius, radius, 2 * quarter, 3 * quarter)
        crate_canvas_close_path(handle)
    }

    /// A straight line of even brightness: moved onto whole pixels.
    func crispLine(from start: Point, to end: Point, width: Double) {
        let shift = width.rounded().truncatingRemainder(dividingBy: 2) / 2
        setLine(width: max(width.rounded(), 1))
        move(Point(x: start.x.rounded(.down) + shift, y: start.y.rounded(.down) + shift))
        line(Point(x: end.x.rounded(.down) + shift, y: end.y.rounded(.down) + shift))
        stroke()
    }

    /// Draws what `body` draws inside `box` only.
    func clipped(to box: Box, _ body: () -> Void) {
        crate_canvas_save(handle)
        rectangle(box)
        crate_canvas_clip(handle)
        body()
        crate_canvas_restore(handle)
    }

    // MARK: Text

    /// How text is set against the point that is given for it.
    enum Alignment: Double { case left = 0, center = 0.5, right = 1 }

    func setFont(size: Double, isBold: Bool = false) { crate_canvas_set_font(handle, size, isBold) }

    func width(of text: String) -> Double { crate_canvas_measure(handle, text).advance }

    /// Above and below the base line.
    var fontHeights: (ascent: Double, descent: Double) {
        let size = crate_canvas_measure(handle, "0")
        return (size.ascent, size.descent)
    }

    /// Sets `text` with its base line at `point`, turned by `angle` (radians, clockwise) around it.
    func text(_ text: String, at point: Point, _ alignment: Alignment = .left, angle: Double = 0) {
        crate_canvas_save(handle)
        crate_canvas_translate(handle, point.x, point.y)
        if angle != 0 { crate_canvas_rotate(handle, angle) }
        crate_canvas_text(handle, -width(of: text) * alignment.rawValue, 0, text)
        crate_canvas_restore(handle)
    }
}

/// A place in pixels, down from the top left.
struct Point: Equatable {
    var x, y: Double
}

/// A rectangle in pixels.
struct Box: Equatable {
    var left, top, right, bottom: Double
    var width: Double { right - left }
    var height: Double { bottom - top }

    func contains(_ point: Point) -> Bool { point.x >= left && point.x <= right && point.y >= top && point.y <= bottom }

    func inset(by margin: Double) -> Box { Box(left: left + margin, top: top + margin, right: right - margin, bottom: bottom - margin) }
}
