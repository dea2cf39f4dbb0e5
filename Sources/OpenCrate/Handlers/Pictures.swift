import CrateFormats
import CrateValues

/// Takes apart content that stands for several pictures: a list of images, or an array of shape (N, H, W) or (N, H, W, C).
///
/// Arrays that are not uint8 are stretched to 0…255 over all frames together, so that brightness does not flicker.
struct Pictures {
    /// The format's name, for errors.
    let format: String
    /// What is to be made of them, for errors: "an animation".
    let whole: String

    /// Each frame as uint8 of shape (H, W) or (H, W, C).
    func frames(_ content: Content) throws(FormatError) -> [Tensor] {
        switch content {
        case .image(let image): [image.pixels]
        case .document(.tensor(let array)): try frames(array)
        case .document(.list(let items)), .document(.tuple(let items)): try frames(items)
        default: throw content.unfit(for: whole, hint: "give a list of images, or an array of shape (N, H, W) or (N, H, W, C)")
        }
    }

    private func frames(_ items: [Document]) throws(FormatError) -> [Tensor] {
        var arrays: [Tensor] = []
        for item in items {
            guard case .tensor(let array) = item else { throw Content.document(item).unfit(for: "a frame", hint: "give images or arrays") }
            arrays.append(array)
        }
        if arrays.allSatisfy({ $0.dtype == .uint8 }) { return try arrays.map { (array) throws(FormatError) in try frame(array) } }
        return try frames(try computed { () throws(ArrayError) in try Tensor.stacked(arrays) })
    }

    private func frames(_ array: Tensor) throws(FormatError) -> [Tensor] {
        guard array.rank == 3 || array.rank == 4, array.count > 0 else {
            throw FormatError(
                .unrepresentable, format, "can't be made of an array of shape \(array.shape)", hint: "give (N, H, W) or (N, H, W, C)")
        }
        let stretched = try stretched(array)
        return try (0..<array.shape[0]).map { (position) throws(FormatError) in
            try frame(try computed { () throws(ArrayError) in try stretched.at(position) })
        }
    }

    private func frame(_ array: Tensor) throws(FormatError) -> Tensor { try ImageFile.image(from: array).pixels }

    /// The whole array as uint8 by the rules for one picture, laid out as a single column of pixels for that.
    private func stretched(_ array: Tensor) throws(FormatError) -> Tensor {
        if array.dtype == .uint8 { return array }
        let column = try computed { () throws(ArrayError) in try array.reshaped([array.count, 1]) }
        let pixels = try ImageFile.image(from: column).pixels
        return try computed { () throws(ArrayError) in try pixels.reshaped(array.shape) }
    }

    private func computed(_ body: () throws(ArrayError) -> Tensor) throws(FormatError) -> Tensor {
        do { return try body() } catch { throw FormatError(.unrepresentable, format, "can't be made: \(error.message)", hint: error.hint) }
    }
}
