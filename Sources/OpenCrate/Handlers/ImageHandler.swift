import CrateFormats
import CrateValues

/// Still pictures, in the form that the extension names. Arrays that are not uint8 are stretched to 0…255 unless `renormalize: false`.
struct ImageHandler: Handler {
    let kind = "image"
    let summary = "Pictures as PNG, JPEG, BMP or PNM"
    let extensions = ["png", "jpg", "jpeg", "jpe", "jfif", "bmp", "dib", "ppm", "pgm", "pbm", "pnm"]

    var saveOptions: [HandlerOption] {
        [
            HandlerOption("renormalize", .bool, "Stretch arrays that are not uint8 to 0…255; true when left out"),
            HandlerOption("quality", .int, "JPEG: 1 to 100, 75 when left out"),
            HandlerOption("progressive", .bool, "JPEG: refine in passes"),
            HandlerOption("compression", .int, "PNG: 0 (none) to 9 (smallest)"),
        ]
    }

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        let image = try image(content, renormalize: options.bool("renormalize") ?? true)
        var written = ImageFile.Options()
        written.compression = options.int("compression")
        written.quality = options.int("quality") ?? written.quality
        written.isProgressive = options.bool("progressive") ?? false
        try ImageFile.encode(image, fileExtension: name.fileExtension, options: written, to: sink)
    }

    private func image(_ content: Content, renormalize: Bool) throws(FormatError) -> Image {
        switch content {
        case .image(let image): image
        case .document(.tensor(let array)): try ImageFile.image(from: array, renormalize: renormalize)
        default: throw content.unfit(for: "an image", hint: "give an array, an image or a plot")
        }
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        .image(try ImageFile.decode(bytes, fileExtension: name.fileExtension, limits: options.limits))
    }

    var samples: [HandlerSample] {
        guard let colour = Tensor.ramp(.uint8, [4, 5, 3]), let grey = Tensor.ramp(.uint8, [3, 4]) else { return [] }
        return [
            HandlerSample("colour.png", .image(Image(pixels: colour))), HandlerSample("grey.png", .image(Image(pixels: grey))),
            HandlerSample("colour.bmp", .image(Image(pixels: colour))), HandlerSample("colour.ppm", .image(Image(pixels: colour))),
            HandlerSample("grey.pgm", .image(Image(pixels: grey))),
            HandlerSample("photo.jpg", .image(Image(pixels: colour)), options: HandlerOptions(["quality": .integer(90)]), isExact: false),
        ]
    }
}

extension Tensor {
    /// Made of the bytes 0, 1, 2 …, for samples of the contract tests.
    static func ramp(_ dtype: DType, _ shape: [Int]) -> Tensor? {
        guard let count = elementCount(shape) else { return nil }
        return Tensor(dtype: dtype, shape: shape, bytes: Bytes((0..<count * dtype.size).map { UInt8(truncatingIfNeeded: $0) }))
    }
}
