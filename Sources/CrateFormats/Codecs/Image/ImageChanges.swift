import CrateValues

/// Parts and turns of a picture, which share its samples. The texts stay.
extension Image {
    /// `width` × `height` pixels cut out from (`x`, `y`) on.
    public func cropped(x: Int, y: Int, width: Int, height: Int) throws(FormatError) -> Image {
        let fits = x >= 0 && y >= 0 && width > 0 && height > 0 && x <= self.width - width && y <= self.height - height
        guard fits, pixels.rank >= 2 else {
            throw FormatError(
                .unrepresentable, "image",
                "has no \(width) × \(height) pixels from (\(x), \(y)) on: it has \(self.width) × \(self.height)")
        }
        let shape = [height, width] + pixels.shape.dropFirst(2)
        return viewing(shape, pixels.strides, offset: y * pixels.strides[0] + x * pixels.strides[1])
    }

    /// Left and right, or top and bottom, exchanged.
    public func mirrored(isVertical: Bool) -> Image {
        guard pixels.rank >= 2, pixels.count > 0 else { return self }
        let axis = isVertical ? 0 : 1
        var strides = pixels.strides
        strides[axis].negate()
        return viewing(pixels.shape, strides, offset: (pixels.shape[axis] - 1) * pixels.strides[axis])
    }

    /// Turned against the clock by `quarters` of a full turn.
    public func rotated(quarters: Int) -> Image {
        switch quarters & 3 {
        case 1: transposed.mirrored(isVertical: true)
        case 2: mirrored(isVertical: true).mirrored(isVertical: false)
        case 3: transposed.mirrored(isVertical: false)
        default: self
        }
    }

    /// Rows and columns exchanged.
    private var transposed: Image {
        guard pixels.rank >= 2 else { return self }
        let (shape, strides) = (pixels.shape, pixels.strides)
        return viewing([shape[1], shape[0]] + shape.dropFirst(2), [strides[1], strides[0]] + strides.dropFirst(2), offset: 0)
    }

    private func viewing(_ shape: [Int], _ strides: [Int], offset: Int) -> Image {
        // Always inside: the callers have checked the bounds.
        guard let view = Tensor(dtype: pixels.dtype, shape: shape, strides: strides, offset: pixels.offset + offset, bytes: pixels.bytes)
        else { return self }
        return Image(pixels: view, texts: texts, isCMYK: isCMYK)
    }

    // MARK: Orientation

    /// The key of the text that tells the orientation.
    public static let orientationKey = "Orientation"

    /// How to turn the picture upright, 1 to 8 by Exif's numbers (CIPA DC-008); `nil` when nothing is said.
    public var orientation: Int? {
        guard let text = texts.first(where: { $0.key == Image.orientationKey })?.text, let number = Int(text) else { return nil }
        return (1...8).contains(number) ? number : nil
    }

    /// The picture turned as its orientation says, which is dropped then.
    public var upright: Image {
        var turned =
            switch orientation {
            case 2: mirrored(isVertical: false)
            case 3: rotated(quarters: 2)
            case 4: mirrored(isVertical: true)
            case 5: transposed
            case 6: rotated(quarters: 3)
            case 7: rotated(quarters: 1).mirrored(isVertical: false)
            case 8: rotated(quarters: 1)
            default: self
            }
        turned.texts.removeAll { $0.key == Image.orientationKey }
        return turned
    }
}
