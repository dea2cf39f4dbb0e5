import CrateFormats
import CrateValues

/// Still pictures, in the form that the extension names. Arrays that are not uint8 are stretched to 0…255 unless `renormalize: false`.
struct ImageHandler: Handler {
    let kind = "image"
    let summary = "Pictures as PNG, JPEG, BMP, PNM, TIFF or WebP"
    /// GIF's is the kind of animations.
    var extensions: [String] { ImageFile.Format.allCases.filter { $0 != .gif }.flatMap(\.extensions) }

    var saveOptions: [HandlerOption] {
        [
            HandlerOption("renormalize", .bool, "Stretch arrays that are not uint8 to 0…255; true when left out"),
            HandlerOption("quality", .int, "JPEG: 1 to 100, 75 when left out; WebP: 0 to 100, 80 when left out"),
            HandlerOption("progressive", .bool, "JPEG: refine in passes"),
            HandlerOption("compression", .int, "PNG and TIFF: 0 (none) to 9 (smallest)"),
            HandlerOption("lossless", .bool, "WebP: keep every sample"),
        ]
    }

    var loadOptions: [HandlerOption] {
        [HandlerOption("orient", .bool, "Turn it upright as the file says; false when left out, as Pillow and imageio do")]
    }

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        let image = try image(content, name: name, renormalize: options.bool("renormalize") ?? true)
        var written = ImageFile.Options()
        written.compression = options.int("compression")
        written.quality = options.int("quality")
        written.isLossless = options.bool("lossless") ?? false
        written.isProgressive = options.bool("progressive") ?? false
        try ImageFile.encode(image, fileExtension: name.fileExtension, options: written, to: sink)
    }

    /// A picture keeps its samples where the format has them; any other is taken as an array is.
    private func image(_ content: Content, name: ArtifactName, renormalize: Bool) throws(FormatError) -> Image {
        let format = ImageFile.Format(fileExtension: name.fileExtension)
        switch content {
        case .image(var image):
            if format?.keeps(image.pixels.dtype) ?? true { return image }
            image.pixels = try ImageFile.image(from: image.pixels, renormalize: renormalize).pixels
            return image
        case .document(.tensor(let array)):
            if !renormalize, let format, format.keeps(array.dtype) { return try ImageFile.picture(of: array) }
            return try ImageFile.image(from: array, renormalize: renormalize)
        default: throw content.unfit(for: "an image", hint: "give an array, an image or a plot")
        }
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        let image = try ImageFile.decode(bytes, fileExtension: name.fileExtension, limits: options.limits)
        return .image(options.bool("orient") ?? false ? image.upright : image)
    }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        try ImageFile.inspect(bytes, limits: options.limits)
    }

    var samples: [HandlerSample] {
        guard let colour = Tensor.ramp(.uint8, [4, 5, 3]), let grey = Tensor.ramp(.uint8, [3, 4]) else { return [] }
        return [
            HandlerSample("colour.png", .image(Image(pixels: colour))), HandlerSample("grey.png", .image(Image(pixels: grey))),
            HandlerSample("colour.bmp", .image(Image(pixels: colour))), HandlerSample("colour.ppm", .image(Image(pixels: colour))),
            HandlerSample("grey.pgm", .image(Image(pixels: grey))), HandlerSample("colour.tiff", .image(Image(pixels: colour))),
            HandlerSample("colour.webp", .image(Image(pixels: colour)), options: HandlerOptions(["lossless": .bool(true)])),
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
