import CrateFormats
import CrateLanguage
import CrateValues

/// A diagram in the language. It is drawn when it is saved.
final class PlotObject: Object {
    let plot: Plot

    init(_ plot: Plot) { self.plot = plot }

    override var typeName: String { "plot" }
    override var description: String {
        let title = plot.title.isEmpty ? "" : "\"\(plot.title)\", "
        return "plot(\(title)\(plot.width) × \(plot.height))"
    }
    override var memberNames: [String] { ["width", "height", "title", "xlabel", "ylabel", "series", "image"] }

    override func member(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "width": .int(plot.width)
        case "height": .int(plot.height)
        case "title": .string(plot.title)
        case "xlabel": .string(plot.xLabel)
        case "ylabel": .string(plot.yLabel)
        case "series": .strings(plot.series.map(\.name))
        case "image": .object(ImageObject(try rendered()))
        default: nil
        }
    }

    func rendered() throws(Failure) -> Image {
        do { return try plot.rendered() } catch { throw Failure(error) }
    }
}
