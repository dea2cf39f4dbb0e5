import CrateValues

/// What a GIF file says of its frames.
struct GIFOutline {
    struct Frame {
        let area: GIFArea
        let control: GIFControl
        /// Colours of the frame's own palette; `nil` when it uses the file's.
        let colors: Int?
        let isInterlaced: Bool
    }

    let width: Int
    let height: Int
    /// Colours of the palette for all frames; `nil` when there is none.
    let colors: Int?
    let loopCount: Int?
    let frames: [Frame]

    /// Whether something may show through: a colour that is not drawn, a part that no frame covers, or one that is cleared.
    var hasAlpha: Bool {
        let canvas = GIFCanvasSize(width: width, height: height)
        return frames.contains { $0.control.transparent != nil } || frames[0].area.width * frames[0].area.height < canvas.pixels
            || frames.dropLast().contains { $0.control.disposal == .clear }
    }

    var inspection: Inspection {
        let duration = frames.reduce(0) { $0 + $1.control.delay }
        let (decoded, overflow) = (width * height * (hasAlpha ? 4 : 3)).multipliedReportingOverflow(by: frames.count)
        return Inspection(
            facts: [
                ("format", .string("GIF")), ("width", .integer(width)), ("height", .integer(height)),
                ("mode", .string((hasAlpha ? Image.Mode.rgba : .rgb).rawValue)), ("frames", .integer(frames.count)),
                ("duration", .float(Double(duration) / 1000)), ("loop", loopCount.map { .integer($0) } ?? .null),
                ("palette", colors.map { .integer($0) } ?? .null),
                ("decoded_bytes", .integer(overflow ? .max : decoded)),
            ],
            listings: [
                Inspection.Listing(
                    "frames", columns: ["frame", "delay", "x", "y", "width", "height", "disposal", "palette", "transparent", "interlaced"],
                    rows: frames.enumerated().map { number, frame in row(number, frame) })
            ])
    }

    private func row(_ number: Int, _ frame: Frame) -> [Document] {
        [
            .integer(number), .integer(frame.control.delay), .integer(frame.area.x), .integer(frame.area.y), .integer(frame.area.width),
            .integer(frame.area.height), .string("\(frame.control.disposal)"), frame.colors.map { .integer($0) } ?? .null,
            .bool(frame.control.transparent != nil), .bool(frame.isInterlaced),
        ]
    }
}
