import CrateFormats
import CrateValues
import Testing

@Suite struct ImageChangeTests {
    private func image(_ shape: [Int], _ values: [UInt8]) throws -> Image { Image(pixels: try mediaTensor(.uint8, shape, values)) }

    private func packed(_ image: Image) throws -> [UInt8] {
        let sink = MemorySink()
        try PNG.encode(image, to: sink)
        return mediaElements(try PNG.decode(Bytes(sink.array)).pixels, as: UInt8.self)
    }

    @Test func `crops, mirrors and rotates`() throws {
        let image = try image([2, 3], [1, 2, 3, 4, 5, 6])
        #expect(try packed(image.cropped(x: 1, y: 0, width: 2, height: 2)) == [2, 3, 5, 6])
        #expect(try packed(image.mirrored(isVertical: false)) == [3, 2, 1, 6, 5, 4])
        #expect(try packed(image.mirrored(isVertical: true)) == [4, 5, 6, 1, 2, 3])
        #expect(try packed(image.cropped(x: 1, y: 0, width: 2, height: 2).mirrored(isVertical: true).mirrored(isVertical: false)) == [6, 5, 3, 2])
        // numpy.rot90
        #expect(try packed(image.rotated(quarters: 1)) == [3, 6, 2, 5, 1, 4])
        #expect(try packed(image.rotated(quarters: 2)) == [6, 5, 4, 3, 2, 1])
        #expect(try packed(image.rotated(quarters: -1)) == [4, 1, 5, 2, 6, 3])
        #expect(image.rotated(quarters: 3).pixels.shape == [3, 2])
        for (x, y, width, height) in [(2, 0, 2, 1), (-1, 0, 1, 1), (0, 0, 0, 1), (0, 0, Int.max, 1), (Int.max, 0, 1, 1)] {
            #expect(mediaError { () throws(FormatError) in _ = try image.cropped(x: x, y: y, width: width, height: height) } != nil)
        }
    }

    /// PIL.ImageOps.exif_transpose of [[1, 2, 3], [4, 5, 6]] for each orientation.
    @Test(arguments: [
        (1, [1, 2, 3, 4, 5, 6]), (2, [3, 2, 1, 6, 5, 4]), (3, [6, 5, 4, 3, 2, 1]), (4, [4, 5, 6, 1, 2, 3]), (5, [1, 4, 2, 5, 3, 6]),
        (6, [4, 1, 5, 2, 6, 3]), (7, [6, 3, 5, 2, 4, 1]), (8, [3, 6, 2, 5, 1, 4]),
    ] as [(Int, [UInt8])])
    func `stands upright by its orientation`(_ orientation: Int, _ wanted: [UInt8]) throws {
        var image = try image([2, 3], [1, 2, 3, 4, 5, 6])
        image.texts = [("Comment", "kept"), (Image.orientationKey, "\(orientation)")]
        #expect(image.upright.texts.map(\.key) == ["Comment"])
        #expect(image.upright.pixels.shape == (orientation < 5 ? [2, 3] : [3, 2]))
        #expect(try packed(image.upright) == wanted)
        // What a JPEG is told, it tells again.
        let sink = MemorySink()
        try JPEG.encode(image, to: sink)
        #expect(try JPEG.decode(Bytes(sink.array)).orientation == orientation)
    }

    @Test func `grey is brightness, and keeps alpha`() throws {
        let colours = try image([1, 2, 3], [255, 255, 255, 255, 0, 0])
        #expect(try packed(colours.grey()) == [255, 76])
        let clear = try image([1, 1, 4], [0, 255, 0, 7])
        #expect(try clear.grey().pixels.shape == [1, 1, 2])
        #expect(try packed(clear.grey()) == [150, 7])
        let floats = Image(pixels: try mediaTensor(.float32, [1, 1, 3], [1, 0.5, 0] as [Float]))
        #expect(mediaElements(try floats.grey().pixels, as: Float.self) == [0.5925])
        let deep = Image(pixels: try mediaTensor(.uint16, [1, 1, 3], [65535, 65535, 65535] as [UInt16]))
        #expect(mediaElements(try deep.grey().pixels, as: UInt16.self) == [65535])
    }

    @Test func `inks become light`() throws {
        let inks = Image(pixels: try mediaTensor(.uint8, [1, 2, 4], [255, 0, 0, 0, 10, 20, 30, 40] as [UInt8]), isCMYK: true)
        #expect(inks.mode == .cmyk && !inks.hasAlpha)
        let light = try inks.rgb()
        // Image.fromarray(…, "CMYK").convert("RGB")
        #expect(mediaElements(light.pixels, as: UInt8.self) == [0, 255, 255, 207, 198, 190])
        #expect(light.mode == .rgb)
        #expect(try inks.grey().pixels.shape == [1, 2])
        for fileExtension in ["png", "gif", "tiff", "bmp"] {
            let error = mediaError { () throws(FormatError) in try ImageFile.encode(inks, fileExtension: fileExtension, to: MemorySink()) }
            #expect(error?.hint == "give rgb(image)")
        }
    }

    /// The numbers are Pillow's, of Image.resize of [[0, 100], [200, 250]] and of a ramp.
    @Test func `resizes as Pillow does`() throws {
        let small = try image([2, 2], [0, 100, 200, 250])
        #expect(
            try packed(small.resized(width: 4, height: 4, filter: .bilinear))
                == [0, 25, 75, 100, 50, 72, 116, 138, 150, 166, 197, 213, 200, 213, 238, 250])
        #expect(try packed(small.resized(width: 3, height: 1, filter: .nearest)) == [200, 250, 250])
        #expect(try packed(small.resized(width: 1, height: 1, filter: .box)) == [138])
        let flat = try image([3, 5, 3], [UInt8](repeating: 77, count: 45))
        for filter in Image.Filter.allCases {
            #expect(try packed(flat.resized(width: 2, height: 9, filter: filter)) == [UInt8](repeating: 77, count: 54))
        }
        #expect(mediaError { () throws(FormatError) in _ = try flat.resized(width: 0, height: 1) } != nil)
        #expect(mediaError { () throws(FormatError) in _ = try flat.resized(width: 1 << 40, height: 1 << 40) }?.kind == .limit)
        #expect(mediaError { () throws(FormatError) in _ = try flat.resized(width: 1 << 23, height: 1) }?.kind == .limit)
    }

    @Test func `colours count by their alpha`() throws {
        // A clear red beside an opaque blue: no red comes through.
        let edge = try image([1, 2, 4], [255, 0, 0, 0, 0, 0, 255, 255])
        #expect(try packed(edge.resized(width: 1, height: 1, filter: .box)) == [0, 0, 255, 128])
    }

    @Test(arguments: [DType.int8, .int16, .int32, .int64, .uint16, .uint32, .uint64, .float16, .float32, .float64])
    func `keeps the samples' type`(_ dtype: DType) throws {
        let steps = try Tensor.arange(0, 8).reshaped([2, 4]).converted(to: dtype)
        let half = try Image(pixels: steps).resized(width: 2, height: 1, filter: .box).pixels
        #expect(half.dtype == dtype && half.shape == [1, 2])
        // Means of 0 1 4 5 and 2 3 6 7, rounded up for whole numbers.
        #expect(try half.doubles() == (dtype.isFloat ? [2.5, 4.5] : [3, 5]))
        #expect(try Image(pixels: steps).resized(width: 2, height: 1, filter: .nearest).pixels.doubles() == [5, 7])
    }

    @Test func `whole numbers stay inside their range`() throws {
        let edge = try Image(pixels: mediaTensor(.uint8, [1, 6], [0, 0, 0, 255, 255, 255] as [UInt8]))
        // Lanczos swings over at an edge.
        let wide = try packed(edge.resized(width: 60, height: 1, filter: .lanczos))
        #expect(wide.min() == 0 && wide.max() == 255)
        let float = Image(pixels: try mediaTensor(.float64, [1, 6], [0, 0, 0, 255, 255, 255] as [Double]))
        #expect(try #require(mediaElements(try float.resized(width: 60, height: 1, filter: .lanczos).pixels, as: Double.self).max()) > 255)
    }

    @Test func `the other side follows the form`() throws {
        let wide = try image([4, 6], [UInt8](repeating: 5, count: 24))
        #expect(try wide.resized(width: 3, height: nil).pixels.shape == [2, 3])
        #expect(try wide.resized(width: nil, height: 2).pixels.shape == [2, 3])
        #expect(try wide.resized(width: 1, height: nil).pixels.shape == [1, 1])
        #expect(mediaError { () throws(FormatError) in _ = try wide.resized(width: 0, height: nil) } != nil)
        // Sizes of Pillow's Image.thumbnail.
        for (size, wanted) in [((30, 30), [4, 6]), ((3, 3), [2, 3]), ((6, 2), [2, 3]), ((1, 9), [1, 1])] {
            #expect(try wide.thumbnail(width: size.0, height: size.1).pixels.shape == wanted)
        }
        #expect(mediaError { () throws(FormatError) in _ = try wide.thumbnail(width: 0, height: 5) } != nil)
    }
}
